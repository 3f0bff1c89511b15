#include "harness/shrink/failed_run.h"

#include <stdexcept>

#include <fmt/format.h>

#include "checker/history/read.h"
#include "checker/raft/trace_reader.h"
#include "harness/schedule_file.h"
#include "results/report/fault_window.h"
#include "results/shell_words.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness::shrink {

namespace fs = std::filesystem;

namespace {

checker::Verdict read_verdict(const results::RunStore& store) {
  try {
    return results::read_verdict_json(store.verdict_path()).verdict;
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(fmt::format("{}: judge the run again, with 'sunder check {}'",
                                            error.what(),
                                            results::shell_word(store.folder().string())));
  }
}

}  // namespace

FailedRun read_failed_run(const fs::path& path) {
  const auto store = results::RunStore::open(path);
  if (!fs::exists(store.verdict_path())) {
    throw std::invalid_argument(fmt::format(
        "{}: the run has no verdict: judge it first, with 'sunder check'", path.string()));
  }
  const auto verdict = read_verdict(store);
  const auto records = history::run_records_of(history::read_history(store.history_path()));
  const auto violation = results::violation_of(verdict, results::fault_windows(records));
  if (!violation) {
    throw std::invalid_argument(
        fmt::format("{}: the run is {}: it broke nothing that could be repeated", path.string(),
                    checker::name_of(verdict.validity)));
  }
  auto plan = read_plan(store.plan_path());
  plan.stopped_after.reset();
  auto schedule = read_schedule(store.schedule_path(), plan.nodes);
  return {fs::canonical(store.folder()),
          {std::move(plan), std::move(schedule)},
          violation->signature,
          violation->at};
}

Recording read_recording(const fs::path& folder) {
  const auto store = results::RunStore::open(folder);
  Recording recording;
  recording.faults = history::run_records_of(history::read_history(store.history_path()));
  const auto traces = store.folder() / "trace";
  if (fs::exists(traces)) recording.records = checker::raft::read_traces_by_time(traces);
  return recording;
}

}  // namespace sunder::harness::shrink
