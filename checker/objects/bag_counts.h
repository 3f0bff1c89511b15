#pragma once
// Decides a bag in which values are enqueued repeatedly, exactly, in O(n log n), if no dequeue
// found nothing: each value by itself. The k-th dequeue of a value to return needs k enqueues of it
// that were invoked before. Without an answer "empty", unanswered dequeues matter to nobody.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the operations of one key, sorted by invocation, drains split. Ignores failed ones. Not
/// applicable if a dequeue found nothing, or one with an answer may have lapsed.
FastAnswer decide_by_bag_counts(std::span<const history::Operation* const> operations,
                                Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
