#include "checker/guarantees/unique_ids.h"

#include <unordered_map>

#include <fmt/format.h>

#include "checker/guarantees/violation.h"
#include "checker/history/brief.h"

namespace sunder::checker {

CheckResult check_unique_ids(const history::History& history, Budget budget) {
  auto result = undecided("unique ids");
  std::unordered_map<history::Value, const history::Operation*, history::ValueHash> given;
  std::size_t twice = 0;
  try {
    for (const auto& operation : history.operations) {
      budget.spend();
      if (operation.outcome != history::Outcome::ok) continue;
      require_function(history, operation, "generate");
      if (operation.result.is_nil()) {
        result.message =
            fmt::format("{} has no id in its answer", history.line_name(operation.returned));
        return result;
      }
      const auto [place, is_new] = given.try_emplace(operation.result, &operation);
      if (is_new || twice++ > 0) continue;
      result = violation(
          "unique ids", {*place->second, operation},
          fmt::format("client {} was given the id {}, which client {} had already",
                      client(operation), history::brief(operation.result), client(*place->second)));
    }
  } catch (const BudgetSpent& spent) {
    if (twice == 0) result.message = fmt::format("{} while the ids were compared", spent.what());
    return result;
  }
  if (twice > 1) result.message += fmt::format("; {} ids were given again", twice);
  if (twice > 0) return result;
  if (given.empty()) {
    result.message = "no id was given";
    return result;
  }
  return holds(std::move(result), fmt::format("{} ids differ", given.size()));
}

}  // namespace sunder::checker
