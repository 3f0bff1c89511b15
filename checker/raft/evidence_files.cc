#include "checker/raft/evidence_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "checker/raft/invariants.h"

namespace sunder::checker::raft {

namespace {

/// How far a node came by its trace.
struct TraceEnd {
  history::Time time{0};
  Term term;
  Index log_end;
  Index committed;
  /// What it committed and applied since its last start.
  Index to_apply;
  Index applied;
  std::set<Term> led;
  /// A node applies entry by entry, so entries that are passed over were in a record that is lost.
  std::optional<std::string> hole;

  void observe(const trace::Record& record) {
    time = std::max(time, record.time);
    term = std::max(term, record.term);
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      log_end = {started->edge.value + started->entries.size()};
      to_apply = applied = {};
      reach(started->edge);
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      log_end = {appended->first.previous().value + appended->entries.size()};
    } else if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
      log_end = truncated->first.previous();
    } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
      log_end = installed->kept_suffix ? std::max(log_end, installed->last) : installed->last;
      reach(installed->last);
    } else if (const auto* committed_now = std::get_if<trace::Committed>(&record.event)) {
      committed = std::max(committed, committed_now->last);
      to_apply = std::max(to_apply, committed_now->last);
    } else if (const auto* applied_now = std::get_if<trace::Applied>(&record.event)) {
      const auto last = applied_now->first.previous().value + applied_now->entries.size();
      if (applied_now->first > applied.next() && !hole) {
        hole =
            fmt::format("has a hole before {:.3f} s: entry {} is applied behind entry {}",
                        history::seconds_of(record.time), applied_now->first.value, applied.value);
      }
      applied = std::max(applied, Index{last});
    } else if (std::holds_alternative<trace::BecameLeader>(record.event)) {
      led.insert(record.term);
    }
  }

 private:
  void reach(Index snapshot) {
    committed = std::max(committed, snapshot);
    applied = std::max(applied, snapshot);
  }
};

/// What a witness says that a node did, and which the node must have traced before.
struct Deed {
  enum class Kind { led, acknowledged, stored };
  Kind kind;
  history::Time time{0};
  Term term;
  Index last;
};

std::string words_of(const Deed& deed) {
  const auto at = fmt::format("at {:.3f} s", history::seconds_of(deed.time));
  switch (deed.kind) {
    case Deed::Kind::led:
      return fmt::format("sent messages as leader of term {} {}", deed.term.value, at);
    case Deed::Kind::acknowledged:
      return fmt::format("acknowledged entry {} in term {} {}", deed.last.value, deed.term.value,
                         at);
    case Deed::Kind::stored:
      break;
  }
  return fmt::format("had a log up to {} on its disk after the run", deed.last.value);
}

std::optional<Deed> deed_of(const trace::Record& record) {
  if (const auto* sent = std::get_if<trace::Sent>(&record.event)) {
    const Index last{sent->first.previous().value + sent->entries.size()};
    return Deed{Deed::Kind::led, record.time, record.term, sent->entries.empty() ? Index{} : last};
  }
  if (const auto* acknowledged = std::get_if<trace::Acknowledged>(&record.event)) {
    return Deed{Deed::Kind::acknowledged, record.time, record.term, acknowledged->last};
  }
  if (const auto* disk = std::get_if<trace::OnDisk>(&record.event)) {
    return Deed{Deed::Kind::stored,
                history::Time::max(),
                record.term,
                {disk->edge.value + disk->entries.size()}};
  }
  return std::nullopt;
}

class Examination {
 public:
  explicit Examination(const EvidenceFiles& files) : files_(files) {}

  Findings run() {
    if (files_.wire) {
      invariants_.expect_wire(files_.wire->seal ? Gaps::Wire::sealed : Gaps::Wire::watched);
      read_witness(*files_.wire, Witness::wire, files_.traces.size() == 1);
    }
    if (files_.disks) read_disks(*files_.disks);
    for (const auto& trace : files_.traces) read(trace);
    invariants_.heard(files_.operations, files_.caught_up_to);
    if (files_.history_gap) invariants_.report_gap(Witness::history, *files_.history_gap);
    findings_.checks = invariants_.finish();
    const auto traces = invariants_.gaps().witnesses.find(Witness::traces);
    if (traces != invariants_.gaps().witnesses.end()) name(traces->second);
    return std::move(findings_);
  }

 private:
  void read_witness(const EvidenceFile& file, Witness witness, bool may_be_empty) {
    const auto report = read_trace(file.path, [this](const trace::Record& record) {
      invariants_.observe(record);
      if (const auto deed = deed_of(record)) deeds_[record.node].push_back(*deed);
      inspected_.insert(record.node);
    });
    findings_.records += report.records;
    if (const auto damage = damage_of(file, report, may_be_empty)) {
      note_gap(witness, damage->sentence);
    }
  }

  void read_disks(const EvidenceFile& file) {
    inspected_.clear();
    read_witness(file, Witness::disks, false);
    if (inspected_.empty()) return;
    for (const auto& trace : files_.traces) {
      if (inspected_.contains(trace.node)) continue;
      note_gap(Witness::disks, fmt::format("{} does not say what the disk of {} holds", file.name,
                                           name_of(trace.node)));
    }
  }

  void read(const TraceFile& trace) {
    TraceEnd end;
    bool has_state = false;
    const auto report = read_trace(trace.file.path, [&](const trace::Record& record) {
      invariants_.observe(record);
      end.observe(record);
      has_state = has_state || std::holds_alternative<trace::State>(record.event);
    });
    findings_.records += report.records;
    if (!trace.file.seal) invariants_.distrust(trace.node);
    if (files_.has_states && !has_state) {
      note_gap(Witness::states,
               fmt::format("{} has no digest of the node's state", trace.file.name));
    }
    auto damage = damage_of(trace.file, without_torn_lines(trace, report), false);
    if (!damage && end.hole && !trace.file.seal) {
      damage = Damage{fmt::format("{} {}", trace.file.name, *end.hole)};
    }
    if (damage && damage->loses_records) {
      findings_.gaps.push_back(damage->sentence);
      invariants_.report_lost_records(trace.node, damage->sentence);
    } else if (damage) {
      note_gap(Witness::traces, damage->sentence);
    } else if (!trace.file.seal) {
      if (auto cut = cut_at(trace, end)) note_gap(Witness::traces, *cut);
    }
  }

  /// A kill can cut off the last line that a node wrote.
  TraceReport without_torn_lines(const TraceFile& trace, TraceReport report) {
    const auto has_died = [&trace](const GarbledLine& line) {
      const auto until = line.restarted.value_or(history::Time::max());
      return std::any_of(trace.ends.begin(), trace.ends.end(),
                         [&](history::Time end) { return line.after <= end && end <= until; });
    };
    std::erase_if(report.garbled, [&](const GarbledLine& line) {
      const bool is_torn = (line.restarted || line.is_torn_end) && has_died(line);
      if (!is_torn) return false;
      findings_.warnings.push_back(
          fmt::format("{}:{}: the line was cut off when the process was killed, and is ignored",
                      trace.file.name, line.number));
      return true;
    });
    return report;
  }

  /// What other evidence says of the node after the last record of its trace.
  std::optional<std::string> cut_at(const TraceFile& trace, const TraceEnd& end) {
    const auto node = name_of(trace.node);
    const auto ends = fmt::format("{} is cut: it ends at {:.3f} s", trace.file.name,
                                  history::seconds_of(end.time));
    for (const auto& deed : deeds_[trace.node]) {
      if (deed.time <= end.time) continue;
      // A term is on the disk before it is in the trace.
      const bool is_term_traced = deed.kind == Deed::Kind::stored || deed.term <= end.term;
      const bool is_traced = is_term_traced && deed.last <= end.log_end &&
                             (deed.kind != Deed::Kind::led || end.led.contains(deed.term));
      if (!is_traced) return fmt::format("{}, but {} {}", ends, node, words_of(deed));
    }
    if (files_.caught_up_to && end.committed < *files_.caught_up_to) {
      return fmt::format("{} with commit index {}, but the history says that every node had {}",
                         ends, end.committed.value, files_.caught_up_to->value);
    }
    const bool died_last = !trace.ends.empty() && trace.ends.back() >= end.time;
    if (end.applied < end.to_apply && !died_last) {
      return fmt::format("{}, before {} had applied entry {}, which was committed", ends, node,
                         end.to_apply.value);
    }
    return std::nullopt;
  }

  void name(const std::string& gap) {
    auto& gaps = findings_.gaps;
    if (std::find(gaps.begin(), gaps.end(), gap) == gaps.end()) gaps.push_back(gap);
  }

  void note_gap(Witness witness, const std::string& sentence) {
    name(sentence);
    invariants_.report_gap(witness, sentence);
  }

  const EvidenceFiles& files_;
  Invariants invariants_;
  std::map<NodeId, std::vector<Deed>> deeds_;
  std::set<NodeId> inspected_;
  Findings findings_;
};

}  // namespace

Findings examine(const EvidenceFiles& files) {
  return Examination(files).run();
}

std::optional<Damage> damage_of(const EvidenceFile& file, const TraceReport& report,
                                bool may_be_empty) {
  if (report.unreadable) return Damage{fmt::format("{} {}", file.name, *report.unreadable)};
  if (!report.garbled.empty()) {
    const auto& line = report.garbled.front();
    return Damage{fmt::format("{}:{} is no record: {}", file.name, line.number, line.why)};
  }
  if (file.seal && *file.seal != report.seal) {
    const bool is_only_altered =
        file.seal->records == report.seal.records && file.seal->content != report.seal.content;
    return Damage{fmt::format("{} {}", file.name, difference(*file.seal, report.seal)),
                  !is_only_altered};
  }
  if (report.records == 0 && !may_be_empty) return Damage{fmt::format("{} is empty", file.name)};
  if (report.disorder && !file.seal) {
    return Damage{fmt::format("{} is not as it was written: {}", file.name, *report.disorder)};
  }
  return std::nullopt;
}

}  // namespace sunder::checker::raft
