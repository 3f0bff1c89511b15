#pragma once
// Describes a minimized conflict in one sentence.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "client 3"
std::string name_of_client(const history::Operation& operation);

/// "read 17", "write 21", "cas 1 -> 2", "dequeue -> 5". Long values are cut (history/brief.h).
std::string label_of(const history::Operation& operation,
                     std::span<const history::Value* const> focus = {});

/// The values that the operations write, in order: what a reader looks for in what others read.
std::vector<const history::Value*> written_in(const std::vector<history::Operation>& operations);

/// The index of the operation to blame: of the completed operations with a result, the last to
/// return. `operations` must not be empty.
std::size_t culprit_of(const std::vector<history::Operation>& operations, const ErasedModel& model);

/// `operations` and `culprit` must be set.
std::string sentence_about(const Counterexample& counterexample, const ErasedModel& model);

}  // namespace sunder::checker
