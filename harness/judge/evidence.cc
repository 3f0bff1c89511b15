#include "harness/judge/evidence.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/jsonl.h"
#include "checker/history/line_reader.h"
#include "checker/history/read.h"
#include "checker/raft/asked_roles.h"
#include "checker/raft/evidence_files.h"
#include "harness/driver/systems.h"
#include "harness/judge/switch_evidence.h"
#include "harness/judge/timeline.h"
#include "nemesis/link.h"
#include "results/store/seals.h"

namespace sunder::harness {

namespace fs = std::filesystem;
using checker::raft::EvidenceFile;

namespace {

constexpr std::string_view sealed = "seals";

bool contains(const std::vector<std::string>& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// What is wrong with the numbers of a history's events. They count from 0.
struct Numbering {
  std::optional<std::string> gap;
  /// Nothing is missing before the last event that there is.
  bool is_consecutive = true;
  std::uint64_t events = 0;
};

/// Of a history without any numbers nothing is said.
Numbering numbering_of(const fs::path& path, checker::Budget& budget) {
  Numbering numbering;
  bool has_numbers = false;
  history::LineReader lines(path);
  const auto note = [&](const std::string& what, bool is_consecutive) {
    if (!numbering.gap) {
      numbering.gap = fmt::format("history.jsonl:{} {}", lines.line_number(), what);
    }
    numbering.is_consecutive = numbering.is_consecutive && is_consecutive;
  };
  std::int64_t expected = 0;
  while (const auto line = lines.next()) {
    budget.spend(line->size());
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::int64_t index = 0;
    try {
      index = history::parse_json_line(*line).index;
    } catch (const history::InputError&) {
      // Before a last line that was cut off nothing is missing.
      note("is no event", lines.is_unterminated());
      has_numbers = true;
      break;
    }
    ++numbering.events;
    has_numbers = has_numbers || index != 0;
    if (index > expected) {
      note(fmt::format("has event {}, but not those from {} on before it", index, expected), false);
    } else if (index < expected) {
      note(fmt::format("has event {} again or too late", index), false);
    }
    expected = index + 1;
  }
  if (numbering.events == 0 && !numbering.gap) numbering.gap = "history.jsonl is empty";
  if (numbering.events > 0 && !has_numbers) return {std::nullopt, true, numbering.events};
  return numbering;
}

/// Reads the pieces of one run's evidence.
class EvidenceReader {
 public:
  EvidenceReader(const results::RunStore& store, const Plan& plan, checker::Budget budget)
      : store_(store), plan_(plan), budget_(budget), kinds_(plan.evidence) {
    if (kinds_.empty()) {
      // Plans of versions that did not say it.
      kinds_ = evidence_of_system(plan.system);
      std::erase_if(kinds_, [](const auto& kind) { return kind == sealed || kind == "states"; });
    }
    read_seals();
  }

  Evidence read() {
    read_history();
    const auto records = history_records();
    if (contains(kinds_, "traces")) {
      examine_traces(records);
    } else if (contains(kinds_, "roles")) {
      check_roles();
    }
    if (has_switch(plan_)) evidence_.switch_check = check_switch(store_.folder(), plan_);
    auto gaps = gaps_;
    if (seals_problem_) gaps.insert(gaps.begin(), *seals_problem_);
    evidence_.completeness = check_evidence(kinds_, gaps, records_);
    return std::move(evidence_);
  }

 private:
  void read_seals() {
    if (!contains(kinds_, sealed) && !fs::exists(store_.seals_path())) return;
    try {
      seals_ = results::read_seals(store_.seals_path());
    } catch (const std::invalid_argument& problem) {
      seals_problem_ = fmt::format(
          "evidence.json {}: nothing shows that the recording of the run came to its end",
          problem.what());
      return;
    }
    // A plan that was changed does not take back what was recorded.
    const auto promise = [&](const char* kind, const char* name) {
      if (seals_->contains(name) && !contains(kinds_, kind)) kinds_.emplace_back(kind);
    };
    promise("wire", "wire.jsonl");
    promise("disks", "disks.jsonl");
    if (find_system(plan_.system).says_roles) promise("roles", "roles.jsonl");
    promise("traces", "trace/n1.jsonl");
  }

  EvidenceFile file(const fs::path& path) {
    auto name = path.lexically_relative(store_.folder()).string();
    EvidenceFile file{path, name, {}};
    if (!seals_) return file;
    const auto seal = seals_->find(name);
    if (seal != seals_->end()) {
      file.seal = seal->second;
    } else if (!seals_problem_) {
      seals_problem_ = fmt::format("evidence.json has no seal of {}", name);
    }
    return file;
  }

  void read_history() {
    const auto path = store_.history_path();
    const auto file = this->file(path);
    auto& gap = evidence_.history_gap;
    try {
      if (!fs::is_regular_file(path)) throw history::InputError({file.name}, "is missing");
      gap = file.seal ? gap_by_seal(file) : gap_by_numbers(file);
      evidence_.history = history::read_history(path, budget_);
    } catch (const history::InputError& error) {
      evidence_.history = {};
      if (!gap) gap = {error.what(), false};
      gap->is_sound = false;
    }
    if (gap) gaps_.push_back(gap->sentence);
    if (!gap && seals_problem_) gap = {*seals_problem_, true};
  }

  std::optional<HistoryGap> gap_by_numbers(const EvidenceFile& file) {
    const auto numbering = numbering_of(file.path, budget_);
    records_ += numbering.events;
    if (!numbering.gap) return std::nullopt;
    return HistoryGap{*numbering.gap, numbering.is_consecutive};
  }

  /// The numbers of a history that is as it was written need no look.
  std::optional<HistoryGap> gap_by_seal(const EvidenceFile& file) {
    const auto found = history::seal_of(file.path);
    records_ += found.records;
    const auto what = history::difference(*file.seal, found);
    if (what.empty()) return std::nullopt;
    const bool is_consecutive = numbering_of(file.path, budget_).is_consecutive;
    return HistoryGap{fmt::format("{} {}", file.name, what),
                      is_consecutive && found.records <= file.seal->records};
  }

  std::vector<history::RunRecord> history_records() {
    try {
      return history::run_records_of(evidence_.history);
    } catch (const history::InputError& error) {
      evidence_.history.faults.clear();
      gaps_.emplace_back(error.what());
      evidence_.history_gap = {error.what(), false};
      return {};
    }
  }

  void examine_traces(std::span<const history::RunRecord> records) {
    checker::raft::EvidenceFiles files;
    for (const auto node : nemesis::all_nodes(plan_.nodes)) {
      const auto name = name_of(node);
      files.traces.push_back({node, file(store_.trace_path(name)), deaths_of(name, records)});
    }
    files.has_states = contains(kinds_, "states");
    if (contains(kinds_, "wire")) files.wire = file(store_.wire_path());
    if (contains(kinds_, "disks")) files.disks = file(store_.disks_path());
    files.caught_up_to = caught_up_to(records);
    files.operations = evidence_.history.operations;
    if (evidence_.history_gap) files.history_gap = evidence_.history_gap->sentence;
    auto findings = checker::raft::examine(files);
    evidence_.replica_checks = std::move(findings.checks);
    records_ += findings.records;
    gaps_.insert(gaps_.end(), findings.gaps.begin(), findings.gaps.end());
    evidence_.warnings = std::move(findings.warnings);
    if (seals_problem_) doubt_replicas(*seals_problem_);
  }

  void check_roles() {
    const auto file = this->file(store_.roles_path());
    std::optional<std::string> gap = seals_problem_;
    checker::CheckResult check{"election safety", checker::Validity::unknown, {}, "asking", {}, {}};
    try {
      if (!fs::is_regular_file(file.path)) throw history::InputError({file.name}, "is missing");
      const auto found = history::seal_of(file.path);
      records_ += found.records;
      const auto what = file.seal ? history::difference(*file.seal, found) : "";
      if (!what.empty()) note_gap(gap, fmt::format("{} {}", file.name, what));
      check = checker::raft::check_asked_roles(file.path);
    } catch (const history::InputError& error) {
      note_gap(gap, error.what());
    }
    evidence_.replica_checks.push_back(std::move(check));
    if (gap) doubt_replicas(*gap);
  }

  void note_gap(std::optional<std::string>& first, std::string sentence) {
    gaps_.push_back(sentence);
    if (!first) first = std::move(sentence);
  }

  void doubt_replicas(const std::string& sentence) {
    for (auto& check : evidence_.replica_checks) {
      if (check.validity == checker::Validity::invalid) continue;
      check.validity = checker::Validity::unknown;
      check.message = sentence;
    }
  }

  const results::RunStore& store_;
  const Plan& plan_;
  checker::Budget budget_;
  std::vector<std::string> kinds_;
  std::optional<results::Seals> seals_;
  std::optional<std::string> seals_problem_;
  std::vector<std::string> gaps_;
  std::uint64_t records_ = 0;
  Evidence evidence_;
};

}  // namespace

std::vector<std::string> evidence_of_system(std::string_view name) {
  const auto& system = find_system(name);
  std::vector<std::string> kinds{"history"};
  if (system.traces) kinds.insert(kinds.end(), {"traces", "states", "wire", "disks"});
  if (!system.traces && system.says_roles) kinds.emplace_back("roles");
  kinds.emplace_back(sealed);
  return kinds;
}

std::optional<Index> caught_up_to(std::span<const history::RunRecord> records) {
  std::optional<Index> end;
  for (const auto& [time, event] : records) {
    const auto* recovery = std::get_if<history::Recovery>(&event);
    if (recovery == nullptr || !recovery->caught_up_to) continue;
    end = Index{static_cast<std::uint64_t>(*recovery->caught_up_to)};
  }
  return end;
}

checker::CheckResult check_evidence(const std::vector<std::string>& kinds,
                                    const std::vector<std::string>& gaps, std::uint64_t records) {
  checker::CheckResult check{"evidence", checker::Validity::valid, {}, "files", {}, {}};
  if (!gaps.empty()) {
    check.validity = checker::Validity::unknown;
    check.message = fmt::format("{}", fmt::join(gaps, "; "));
    return check;
  }
  auto recorded = kinds;
  std::erase(recorded, sealed);
  check.message = fmt::format("nothing is missing from what the run recorded: {} ({} records)",
                              fmt::join(recorded, ", "), records);
  return check;
}

Evidence read_evidence(const results::RunStore& store, const Plan& plan, checker::Budget budget) {
  return EvidenceReader(store, plan, budget).read();
}

}  // namespace sunder::harness
