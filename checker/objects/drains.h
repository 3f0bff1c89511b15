#pragma once
// A drain takes values one after the other until it finds none: no moment has all of them. So an
// answered drain is split: one drain for each value that it took, and a last one that found
// nothing, each somewhere between the invocation and the return of the whole. Invariant: the parts
// are linearizable if and only if the drain can have happened. Surprise: the last part is invoked
// when the latest of the drain's values was enqueued, so that no value of the drain comes behind
// it.

#include <deque>
#include <vector>

#include "checker/budget.h"
#include "checker/history/operation.h"

namespace sunder::checker {

/// Replaces answered drains of one key by their parts, which `parts` keeps. Sorted by invocation.
void split_drains(std::vector<const history::Operation*>& operations,
                  std::deque<history::Operation>& parts, Budget& budget);

/// The parts of an answered drain. The last one is invoked with the others.
std::vector<history::Operation> parts_of_drain(const history::Operation& drain);

}  // namespace sunder::checker
