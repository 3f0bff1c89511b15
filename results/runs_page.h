#pragma once
// The page that lists runs, newest first, with what each one showed and links to all it left: what
// `sunder serve` answers with at "/". Links lead to "runs/<label>/<file>", a run in progress to
// "live/<label>".

#include <span>
#include <string>

#include "results/run_list.h"

namespace sunder::results {

std::string render_runs_page(std::span<const RunSummary> runs);

}  // namespace sunder::results
