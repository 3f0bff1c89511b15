#pragma once
// Draws the page of a run from what the run left on disk and its verdict.

#include <string>

#include "harness/judge/judge.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// The text of report.html.
std::string draw_report(const results::RunStore& store, const Judgement& judgement);

}  // namespace sunder::harness
