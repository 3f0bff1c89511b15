#pragma once
// Judges a run by all its checks. A stored run, a fresh one and a simulated one that was never
// written go through the same code, so they get the same verdict.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/verdict.h"
#include "harness/judge/evidence.h"
#include "harness/plan.h"
#include "results/report/statistics.h"
#include "results/store/run_store.h"

namespace sunder::harness {

struct Judgement {
  history::History history;
  checker::Verdict verdict;
  results::Statistics statistics;
};

/// Throws history::InputError for what must not be judged.
Judgement judge(const Plan& plan, Evidence evidence,
                const checker::LinearizabilityOptions& options);

/// Of a history that did not fit the budget.
Judgement unread(const checker::BudgetSpent& spent);

/// As judge(), of the plan and the evidence in the run's folder.
Judgement judge_run(const results::RunStore& store, const checker::LinearizabilityOptions& options);

}  // namespace sunder::harness
