#pragma once
// The summary of a run or a check, in a few lines for a terminal: the verdict and its
// sentence, the counterexample as a small chart, the checks, the figures. The same words as on the
// page. Colour only if the caller asks for it; the text says everything without it.

#include <string>

#include "checker/verdict.h"
#include "results/report/statistics.h"

namespace sunder::results {

std::string terminal_summary(const checker::Verdict& verdict, const Statistics& statistics,
                             bool colour);

}  // namespace sunder::results
