#pragma once
// Assumptions about a workload's history, in addition to those that OperationBuilder enforces for
// every history. A history that breaks one is rejected with an error and gets no verdict.

#include <string>

#include "checker/history/history.h"

namespace sunder::checker {

/// No two writes or cas of one key may write one value. Throws history::AssumptionBroken with the
/// line of the second.
void require_unique_writes(const history::History& history);

/// "the keys 1 and "1" are two", if there are such keys; else empty.
std::string keys_that_differ_only_in_type(const history::History& history);

enum class Answers {
  as_asked,
  with_versions,  ///< [nil, value] may be answered by [version, value].
};

/// A completion answers what was asked: an ok write, cas, add, append, enqueue or remove repeats
/// its argument or has none, and a transaction has the micro-operations that were asked for. Throws
/// history::AssumptionBroken with the line of the first completion that does not.
void require_answers_to_what_was_asked(const history::History& history,
                                       Answers kind = Answers::as_asked);

}  // namespace sunder::checker
