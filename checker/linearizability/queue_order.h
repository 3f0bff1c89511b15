#pragma once
// Decides a queue whose enqueued values are unique, exactly, in O(n log n), if every dequeue was
// answered. Such a history is not linearizable if and only if one of four things happened
// (Henzinger, Sezgin and Vafeiadis, Aspect-Oriented Linearizability Proofs, 2013):
//   fresh   a value was dequeued that nobody had enqueued yet
//   repeat  a value was dequeued twice
//   order   a was enqueued before b, and b was dequeued before a, or a never
//   empty   a dequeue found nothing, while at each moment of it some value was surely in the queue
// Surprise: an unanswered enqueue exists only if somebody dequeued its value.

#include <span>

#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

/// The queue operations of one key, by invocation. Failed ones are ignored. Not applicable where a
/// value is enqueued twice or a dequeue was never answered.
FastAnswer decide_by_queue_order(std::span<const history::Operation* const> operations);

}  // namespace sunder::checker
