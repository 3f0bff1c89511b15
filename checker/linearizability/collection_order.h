#pragma once
// Decides a set or list that only grows and whose reads return all elements, exactly, in time
// linear in the sizes of all reads. An element has one moment at which it came in, and each read
// says whether that moment was before it. So the reads are ordered by what they return, with the
// elements between them. The history is linearizable if and only if moments in that order fit
// between the invocations and returns.
// Surprise: a conflict is about a few elements (FastAnswer::about). It is one even if the reads are
// cut to these elements: what holds of a collection holds of each part of it.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

enum class Collection {
  set,   ///< "add" and "read" in any order of elements. Adding an element again changes nothing.
  list,  ///< "append" and "read" in the order in which the elements were appended.
};

/// Takes the operations of one key, sorted by invocation. Ignores failed ones. Not applicable if an
/// element is appended to a list twice, or an add that may have lapsed had a last moment.
FastAnswer decide_by_collection_order(std::span<const history::Operation* const> operations,
                                      Collection kind, Budget& budget,
                                      Asked asked = Asked::verdict);

}  // namespace sunder::checker
