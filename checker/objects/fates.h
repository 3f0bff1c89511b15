#pragma once
// What became of each element of a set or list, and of each message of a queue: lost, stale,
// duplicated, recovered, unexpected, never read. It counts what every client was told, whether the
// history is linearizable or not. Invariant: each count is a fact about the operations: what an
// unanswered dequeue may have taken is not called lost.
// Surprise: it judges each element alone. Only linearizability compares the reads with each other.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/verdict.h"

namespace sunder::checker {

enum class Contents { elements, messages };

/// `keys` are the operations of each key, sorted by invocation. Absent if elements are removed, or
/// the budget is spent.
std::optional<Fates> fates_of(std::span<const std::vector<const history::Operation*>> keys,
                              Contents contents, Budget budget);

/// "1 of 1,000 acknowledged elements lost: 7"; one line for each fate that occurs.
std::vector<std::string> lines_about(const Fates& fates);

}  // namespace sunder::checker
