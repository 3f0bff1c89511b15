#pragma once
// The summary of a run or a check, in a few lines for a terminal: the verdict and its
// sentence, the counterexample as a small chart, the isolation levels, the checks, the figures. The
// same words as on the page. Colour only if the caller asks for it; the text says everything
// without it.

#include <cstddef>
#include <string>

#include "checker/verdict.h"
#include "results/report/statistics.h"

namespace sunder::results {

struct Terminal {
  bool colour = false;
  std::size_t columns = 100;
};

std::string terminal_summary(const checker::Verdict& verdict, const Statistics& statistics,
                             const Terminal& terminal = {});

}  // namespace sunder::results
