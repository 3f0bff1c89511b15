#include "harness/shrink/process_trials.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/campaign/planned_run.h"
#include "harness/campaign/scheduler.h"
#include "harness/progress_line.h"
#include "results/campaign/campaign_store.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness::shrink {

namespace fs = std::filesystem;
using results::Campaign;
using results::CampaignStore;

namespace {

// What a run takes besides its time limit, at most: nodes come up, heal, are read, are judged.
constexpr std::chrono::seconds overhead(60);

}  // namespace

ProcessTrials::ProcessTrials(const fs::path& folder, const results::Signature& signature,
                             unsigned jobs, Watchdog& watchdog)
    : folder_(folder), signature_(signature), jobs_(jobs), watchdog_(watchdog) {}

bool ProcessTrials::was_interrupted() {
  io_.poll();
  return is_interrupted_;
}

bool ProcessTrials::is_out_of_time() const {
  return deadline_ && std::chrono::steady_clock::now() >= *deadline_;
}

fs::path ProcessTrials::example() const {
  const auto path = folder_ / "example";
  return fs::exists(path) ? path : fs::path();
}

void ProcessTrials::keep_as_example(const fs::path& run) const {
  fs::remove_all(folder_ / "example");
  fs::rename(run, folder_ / "example");
}

std::optional<Tally> ProcessTrials::carry_out(const Candidate& candidate, unsigned times) {
  ended_ = {};
  if (was_interrupted() || is_out_of_time()) return std::nullopt;
  const auto place = folder_ / "trying";
  fs::remove_all(place);
  watchdog_.guard_folder(place);
  const auto store = CampaignStore::create(place);
  const auto schedule = store.folder() / "schedule.json";
  results::write_whole_file(schedule, nemesis::to_json(candidate.schedule).dump(2) + "\n");
  Campaign campaign;
  campaign.name = "trials";
  campaign.spec = "{}";
  Plan plan = candidate.plan;
  plan.schedule_file = schedule.string();
  auto planned = campaign::planned_run(plan, plan.system, "schedule");
  auto& repetition = planned.record.repetition;
  for (repetition = 1; repetition <= times; ++repetition) campaign.runs.push_back(planned.record);
  auto progress = ProgressLine::silent();
  campaign::Scheduler::Options options;
  options.jobs = jobs_;
  options.run_timeout = candidate.plan.time_limit + candidate.plan.recovery_timeout + overhead;
  if (deadline_) {
    // All that are started before the deadline end by it.
    const auto left = std::chrono::floor<std::chrono::milliseconds>(
        *deadline_ - std::chrono::steady_clock::now());
    options.run_timeout = std::min<Duration>(options.run_timeout, left);
    options.end_at = deadline_;
  }
  campaign::Scheduler(campaign, std::vector<Plan>(times, plan), store, options, watchdog_, progress)
      .run();
  for (const auto& run : campaign.runs) {
    if (!run.outcome) continue;
    ++ended_.runs;
    if (run.outcome->ending != results::Ending::judged) ++ended_.broken;
    if (run.outcome->validity != checker::Validity::invalid) continue;
    const auto its_folder = store.folder() / run.outcome->folder;
    const auto verdict = results::read_verdict_json(its_folder / "verdict.json").verdict;
    if (!results::is_broken_alike(verdict, signature_)) continue;
    ++ended_.failures;
    keep_as_example(its_folder);
  }
  fs::remove_all(place);
  watchdog_.release_folder(place);
  if (was_interrupted() || is_out_of_time() || ended_.runs < times) return std::nullopt;
  return ended_;
}

}  // namespace sunder::harness::shrink
