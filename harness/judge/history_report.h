#pragma once
// Draws the page of a history that anybody recorded, from its operations and its verdict. What only
// a run has (nodes, plan, seed, logs) is not on it.

#include <string>

#include "harness/judge/judge.h"

namespace sunder::harness {

/// The text of a page. `name` is what the user calls the history, `command` repeats the check.
/// `witness` are the lines of one, for the page to show (checker/linearizability/witness.h).
std::string draw_history_report(const std::string& name, const std::string& command,
                                Judgement judgement, std::string witness = {});

}  // namespace sunder::harness
