#pragma once
// Decides a queue with unique values, exactly, in O(n log n), if every dequeue completed. Such a
// history is not linearizable if and only if it has one of four patterns
// (Henzinger, Sezgin and Vafeiadis, Aspect-Oriented Linearizability Proofs, 2013):
//   fresh   a value was dequeued that was not enqueued before
//   repeat  a value was dequeued twice
//   order   a was enqueued before b, and b was dequeued before a or a was never dequeued
//   empty   a dequeue found nothing although at each moment of it some value was certainly in the
//           queue
// Surprise: a crashed enqueue is ignored unless its value was dequeued.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// Takes the queue operations of one key, sorted by invocation. Ignores failed ones that say
/// nothing. Not applicable if a value is enqueued twice or a dequeue crashed.
FastAnswer decide_by_queue_order(std::span<const history::Operation* const> operations,
                                 Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
