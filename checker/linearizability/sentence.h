#pragma once
// What is wrong with a smallest conflict, in one sentence for a person at 3 a.m.

#include <cstddef>
#include <string>
#include <vector>

#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "read 17", "write 21", "cas 1 -> 2", "dequeue -> 5"
std::string label_of(const history::Operation& operation);

/// The answered operation that none of the others explains: the last to return of those that saw
/// something. A place in `operations`, which must not be empty.
std::size_t culprit_of(const std::vector<history::Operation>& operations, const ErasedModel& model);

/// About `operations` and `culprit`, which are set.
std::string sentence_about(const Counterexample& counterexample, const ErasedModel& model);

}  // namespace sunder::checker
