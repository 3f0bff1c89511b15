#pragma once
// The isolation of a history for a terminal: the anomaly that rules out the claimed level, drawn as
// a cycle with the reason on each arrow; how many anomalies of each name and key there are; the
// finding on each level as a table. Invariant: nothing of a value acts on the terminal.
// Surprise: lines are wrapped at the terminal's width, as far as single words allow it.

#include <cstddef>
#include <string>

#include "checker/isolation/account.h"
#include "results/report/painter.h"

namespace sunder::results {

/// Ends with a newline.
std::string isolation_summary(const checker::isolation::Account& account, const Painter& paint,
                              std::size_t columns);

}  // namespace sunder::results
