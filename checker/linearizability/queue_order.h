#pragma once
// Decides a queue with unique values, exactly, in O(n log n), with any number of crashed
// operations. First in, first out, such a history is not linearizable if and only if it has one of
// four patterns (Henzinger, Sezgin and Vafeiadis, Aspect-Oriented Linearizability Proofs, 2013); in
// any order (a bag), if and only if it has one of all but `order`:
//   fresh   a value was dequeued that was not enqueued before
//   repeat  a value was dequeued twice
//   order   a was enqueued before b, and b was dequeued before a or a was never dequeued
//   empty   a dequeue found nothing although at each moment of it some value was certainly there
// Surprise: a value left over, the k-th by the return of its enqueue, counts as taken by the k-th
// unanswered dequeue by invocation. No other choice does better. An unanswered drain takes all.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

enum class Discipline {
  fifo,  ///< "enqueue", "dequeue"
  bag,   ///< Besides "drain", split by split_drains().
};

/// Takes the queue operations of one key, sorted by invocation. Ignores failed ones that say
/// nothing. Not applicable if a value is enqueued twice or a dequeue with an answer may have
/// lapsed.
FastAnswer decide_by_queue_order(std::span<const history::Operation* const> operations,
                                 Discipline discipline, Budget& budget,
                                 Asked asked = Asked::verdict);

}  // namespace sunder::checker
