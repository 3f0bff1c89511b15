#pragma once
// The results of checks that are no linearizability: their proofs are a few operations as they are
// in the history, sorted by invocation, the last of which to return is the culprit.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// Unknown, until something is found or all was looked at.
CheckResult undecided(std::string_view name);

CheckResult violation(std::string_view name, std::vector<history::Operation> proof,
                      std::string sentence);

/// What `judge` decides. Unknown if it spends the budget first: "time ran out before all reads were
/// compared".
CheckResult within_budget(std::string_view name, std::string_view what,
                          const std::function<CheckResult()>& judge);

CheckResult holds(CheckResult undecided, std::string message);

/// The number of the operation's client, for messages.
std::int64_t client(const history::Operation& operation);

/// Throws AssumptionBroken, naming the line, if the operation is another one.
void require_function(const history::History& history, const history::Operation& operation,
                      std::string_view f);

}  // namespace sunder::checker
