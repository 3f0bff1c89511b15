#include "checker/guarantees/monotonic.h"

#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "checker/guarantees/growing_registers.h"
#include "checker/guarantees/violation.h"

namespace sunder::checker {

using history::Operation;

namespace {

constexpr std::string_view monotonic_check = "monotonic";

std::string went_back(const Operation& read, const Operation& before) {
  return fmt::format("client {} read {} of key {} after client {} had {} {}", client(read),
                     number_of(read), read.key.text(), client(before),
                     before.f == "write" ? "written" : "read", number_of(before));
}

CheckResult judge_growing(const history::History& history, Budget& budget) {
  const Writes writes(history, budget);
  // By key: the operation that has seen or written most and has returned.
  std::unordered_map<std::string_view, const Operation*> furthest;
  // Of each open read: the furthest when it was invoked.
  std::unordered_map<const Operation*, const Operation*> before;
  std::size_t reads = 0;
  for (const auto& [position, operation, is_return] :
       events_of_growing_registers(history, budget)) {
    budget.spend();
    auto& furthest_of_key = furthest[operation->key.text()];
    if (!is_return) {
      const bool is_read = operation->f == "read" && operation->outcome == history::Outcome::ok;
      if (is_read && furthest_of_key != nullptr) before[operation] = furthest_of_key;
      continue;
    }
    if (operation->f == "read") {
      ++reads;
      if (auto flaw = writes.flaw_of(*operation, monotonic_check)) return std::move(*flaw);
      const auto found = before.find(operation);
      if (found != before.end() && number_of(*operation) < number_of(*found->second)) {
        return violation(monotonic_check, {*found->second, *operation},
                         went_back(*operation, *found->second));
      }
      if (found != before.end()) before.erase(found);
    }
    if (furthest_of_key == nullptr || number_of(*furthest_of_key) < number_of(*operation)) {
      furthest_of_key = operation;
    }
  }
  auto result = undecided(monotonic_check);
  if (reads == 0) {
    result.message = "no read was answered";
    return result;
  }
  return holds(std::move(result), fmt::format("{} reads never went back", reads));
}

}  // namespace

CheckResult check_monotonic(const history::History& history, Budget budget) {
  return within_budget(monotonic_check, "reads", [&] { return judge_growing(history, budget); });
}

}  // namespace sunder::checker
