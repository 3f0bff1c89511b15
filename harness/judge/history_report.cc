#include "harness/judge/history_report.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

#include "checker/history/run_event.h"
#include "results/report/fault_window.h"
#include "results/report/foreign_faults.h"
#include "results/report/history_times.h"
#include "results/report/report.h"

namespace sunder::harness {

namespace {

/// The nemesis' events as sunder writes them; empty if one of them is not.
std::vector<history::RunRecord> own_records(const history::History& history) {
  std::vector<history::RunRecord> records;
  for (const auto& event : history.faults) {
    try {
      records.push_back({event.time, history::run_event_of(event)});
    } catch (const std::runtime_error&) {
      return {};  // another program's event with a name that sunder uses too
    }
    if (std::holds_alternative<history::UnknownEvent>(records.back().event)) return {};
  }
  return records;
}

/// The names of another program's events are not sunder's, even where the words are the same.
results::ForeignFaults faults_of(const history::History& history) {
  const auto records = own_records(history);
  if (!records.empty()) return {results::fault_windows(records), 0};
  return results::foreign_faults(history.faults);
}

}  // namespace

std::string draw_history_report(const std::string& name, const std::string& command,
                                Judgement judgement, std::string witness) {
  auto& history = judgement.history;
  results::BareHistory reading;
  reading.has_times = results::has_times(history);
  if (!reading.has_times) results::show_places_as_times(history, judgement.verdict);
  auto faults = faults_of(history);
  reading.nemesis_events_left_out = faults.events_left_out;
  reading.assumptions = std::move(history.assumptions);
  reading.warnings = std::move(history.warnings);
  reading.witness = std::move(witness);
  results::ReportInput input;
  input.label = std::filesystem::path(name).filename().string();
  if (input.label.empty()) input.label = name;
  if (input.label != name) input.facts = {{"history", name}};
  input.command = command;
  input.verdict = std::move(judgement.verdict);
  input.statistics = std::move(judgement.statistics);
  input.operations = history.operations;
  input.faults = std::move(faults.windows);
  input.history = std::move(reading);
  return results::render_report(input);
}

}  // namespace sunder::harness
