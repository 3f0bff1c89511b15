#pragma once
// Judges what is on disk: a stored run by all its checks, a bare history by one model. A run judged
// fresh goes through here too, so a stored run gets the same verdict.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/verdict.h"
#include "results/report/statistics.h"
#include "results/store/run_store.h"

namespace sunder::harness {

struct Judgement {
  history::History history;
  checker::Verdict verdict;
  results::Statistics statistics;
};

/// Throws history::InputError for what must not be judged.
Judgement judge_run(const results::RunStore& store, const checker::LinearizabilityOptions& options);

Judgement judge_history(const std::filesystem::path& file, std::string_view model,
                        const checker::LinearizabilityOptions& options);

}  // namespace sunder::harness
