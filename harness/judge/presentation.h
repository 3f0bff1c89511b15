#pragma once
// Says a judgement: verdict.json and report.html into the run's folder, a summary to the terminal.

#include <string>

#include "harness/exit_code.h"
#include "harness/judge/judge.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// The text of verdict.json.
std::string verdict_json_of(const Judgement& judgement);

/// What was assumed, and warnings, to standard error.
void remark_on(const Judgement& judgement);

/// Whether a verdict that cannot be stored is a failure. A folder that may only be read can be
/// judged all the same.
enum class Storing { required, if_possible };

/// With `json` the text of verdict.json is printed instead of the summary.
ExitCode present_run(const results::RunStore& store, const Judgement& judgement, bool json,
                     Storing storing);

ExitCode present_history(const Judgement& judgement, bool json);

}  // namespace sunder::harness
