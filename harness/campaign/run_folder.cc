#include "harness/campaign/run_folder.h"

#include <fstream>
#include <set>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "checker/history/read.h"
#include "checker/raft/trace_reader.h"
#include "harness/exit_code.h"
#include "harness/judge/nemesis_account.h"
#include "results/report/fault_window.h"
#include "results/store/run_store.h"
#include "results/store/verdict_json.h"

namespace sunder::harness::campaign {
namespace fs = std::filesystem;
using results::Ending;
using results::RunOutcome;

namespace {

std::string exit_status(ExitCode code) {
  return fmt::format("exit status {}", static_cast<int>(code));
}

std::vector<std::string> sorted(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

std::vector<checker::raft::Disturbance> partitions_among(
    std::span<const results::FaultWindow> windows) {
  std::vector<checker::raft::Disturbance> partitions;
  for (const auto& window : windows) {
    if (window.kind != "partition" && window.kind != "cut") continue;
    partitions.push_back({window.from, window.until.value_or(history::Time::max())});
  }
  return partitions;
}

/// Returns the times in which the network was cut.
std::vector<checker::raft::Disturbance> read_faults(const results::RunStore& store,
                                                    const checker::Verdict& verdict,
                                                    RunOutcome& outcome) {
  const auto records = history::run_records_of(history::read_history(store.history_path()));
  const auto injected = account_of(records).injected;
  outcome.faults = injected.size();
  outcome.injected = sorted({injected.begin(), injected.end()});
  const auto asked = fault_kinds(read_plan(store.plan_path()));
  outcome.asked = sorted({asked.begin(), asked.end()});
  const auto windows = results::fault_windows(records);
  if (const auto violation = results::violation_of(verdict, windows)) {
    outcome.signature = violation->signature;
    if (violation->at) outcome.violation_at = history::seconds_of(*violation->at);
  }
  return partitions_among(windows);
}

checker::raft::StateSet read_traces(const results::RunStore& store,
                                    std::span<const checker::raft::Disturbance> partitions,
                                    RunOutcome& outcome) {
  std::set<std::string> events;
  checker::raft::Coverage coverage(partitions);
  for (const auto& record : checker::raft::read_traces_by_time(store.folder() / "trace")) {
    events.emplace(trace::name_of(record.event));
    coverage.observe(record);
  }
  outcome.events = sorted(events);
  for (const auto situation : coverage.situations()) outcome.situations.emplace_back(situation);
  return coverage.states();
}

}  // namespace

RunFolder::RunFolder(const fs::path& campaign_folder, const results::CampaignRun& run)
    : campaign_folder_(campaign_folder),
      folder_(campaign_folder / "runs" / results::key_of(run)),
      run_(run) {}

std::vector<std::string> RunFolder::arguments(const Plan& plan) const {
  auto words = run_flags(plan);
  words.insert(words.begin(), "run");
  for (const auto& word : {std::string("--runs-dir"), folder_.parent_path().string(),
                           std::string("--name"), folder_.filename().string()}) {
    words.push_back(word);
  }
  return words;
}

void RunFolder::prepare() const {
  fs::remove_all(folder_);
  fs::create_directories(folder_);
}

void RunFolder::remove() const {
  fs::remove_all(folder_);
}

fs::path RunFolder::run_folder() const {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.is_directory()) return entry.path();
  }
  return {};
}

std::string RunFolder::last_line() const {
  std::ifstream file(log_path());
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

RunOutcome RunFolder::judged(const fs::path& run, const std::string& how) {
  const auto store = results::RunStore::open(run);
  const auto stored = results::read_verdict_json(store.verdict_path());
  RunOutcome outcome;
  outcome.ending = Ending::judged;
  outcome.validity = stored.verdict.validity;
  outcome.sentence = stored.verdict.sentence;
  outcome.operations = stored.statistics.total.total();
  if (how != exit_status(exit_code_of(stored.verdict.validity))) {
    throw std::runtime_error(fmt::format("its verdict is {}, but it ended with {}: {}",
                                         checker::name_of(stored.verdict.validity), how,
                                         last_line()));
  }
  const auto partitions = read_faults(store, stored.verdict, outcome);
  states_ = read_traces(store, partitions, outcome);
  return outcome;
}

RunOutcome RunFolder::outcome(const std::string& how) {
  if (how == exit_status(ExitCode::bad_arguments)) {
    throw std::invalid_argument(
        fmt::format("'{}' is refused: {}", results::command_of(run_), last_line()));
  }
  RunOutcome outcome;
  const auto run = run_folder();
  try {
    if (!run.empty() && fs::exists(run / "verdict.json")) {
      outcome = judged(run, how);
    } else {
      outcome.sentence = fmt::format("{}: {}", how, last_line());
    }
  } catch (const std::exception& error) {
    outcome = {};
    outcome.sentence = error.what();
  }
  if (!run.empty()) outcome.folder = fs::relative(run, campaign_folder_).string();
  return outcome;
}

RunOutcome RunFolder::hung_outcome() const {
  RunOutcome outcome;
  outcome.ending = Ending::hung;
  outcome.sentence = fmt::format("killed because it took too long: {}", last_line());
  const auto run = run_folder();
  if (!run.empty()) outcome.folder = fs::relative(run, campaign_folder_).string();
  return outcome;
}

}  // namespace sunder::harness::campaign
