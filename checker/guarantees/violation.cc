#include "checker/guarantees/violation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "checker/budget.h"

namespace sunder::checker {

using history::Operation;

CheckResult undecided(std::string_view name) {
  CheckResult result;
  result.name = name;
  result.validity = Validity::unknown;
  result.procedure = "every operation";
  return result;
}

CheckResult violation(std::string_view name, std::vector<Operation> proof, std::string sentence) {
  std::sort(proof.begin(), proof.end(), [](const Operation& left, const Operation& right) {
    return left.invoked < right.invoked;
  });
  const auto last = std::max_element(
      proof.begin(), proof.end(), [](const Operation& left, const Operation& right) {
        const auto end = [](const Operation& each) {
          return each.outcome == history::Outcome::ok ? each.returned : history::Position{-1};
        };
        return end(left) < end(right);
      });
  Counterexample counterexample;
  counterexample.key = last->key;
  counterexample.culprit = static_cast<std::size_t>(last - proof.begin());
  counterexample.sentence = sentence;
  counterexample.operations = std::move(proof);
  auto result = undecided(name);
  result.validity = Validity::invalid;
  result.message = std::move(sentence);
  result.counterexample = std::move(counterexample);
  return result;
}

CheckResult within_budget(std::string_view name, std::string_view what,
                          const std::function<CheckResult()>& judge) {
  try {
    return judge();
  } catch (const BudgetSpent& spent) {
    auto result = undecided(name);
    result.message = fmt::format("{} before all {} were compared", spent.what(), what);
    return result;
  }
}

CheckResult holds(CheckResult undecided, std::string message) {
  undecided.validity = Validity::valid;
  undecided.message = std::move(message);
  return undecided;
}

std::int64_t client(const Operation& operation) {
  return static_cast<std::int64_t>(operation.process);
}

void require_function(const history::History& history, const Operation& operation,
                      std::string_view f) {
  if (operation.f == f) return;
  throw history::AssumptionBroken(
      history.place_of(operation.invoked),
      fmt::format("the operation {} is none of this check, which takes {}", operation.f.text(), f));
}

}  // namespace sunder::checker
