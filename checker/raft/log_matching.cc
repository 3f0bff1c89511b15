#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class LogMatching final : public Property {
 public:
  LogMatching() : Property("log matching", {Witness::wire}) {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      see(Source::trace, here, started->edge.next(), started->edge_term, started->entries);
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      const auto previous = state.log().term(appended->first.previous());
      if (previous && *previous != appended->previous_term) {
        violate(
            fmt::format("{} appended entry {} behind an entry of term {}, but its log has one of "
                        "term {} there",
                        name_of(here.node), appended->first.value, appended->previous_term.value,
                        previous->value),
            evidence(here, appended->first, "appended it"),
            evidence(here, appended->first.previous(),
                     fmt::format("has an entry of term {}", previous->value)));
      }
      see(Source::trace, here, appended->first, previous ? *previous : appended->previous_term,
          appended->entries);
      if (state.role() == Role::leader) note_origin(*appended, record.term);
    } else if (const auto* sent = std::get_if<trace::Sent>(&record.event)) {
      see(Source::wire, here, sent->first, sent->previous_term, sent->entries);
    }
  }

  void finish(const Gaps& gaps) override {
    if (!gaps.is_whole(Witness::traces)) return;
    for (const auto& [key, entry] : entries_) {
      if (entry.is_in_traces && !entry.is_of_leader) {
        violate(fmt::format("{} has an entry at index {} of term {} that no leader of that term "
                            "appended",
                            name_of(entry.sighting.node), key.index.value, key.term.value),
                evidence(entry.sighting, key.index, "has it"),
                evidence(entry.sighting, key.index, "no leader appended it"));
      }
      if (entry.is_in_traces) continue;
      violate(fmt::format("{} sent an entry at index {} of term {} that is in no trace",
                          name_of(entry.sighting.node), key.index.value, key.term.value),
              evidence(entry.sighting, key.index, "sent it"),
              evidence(entry.sighting, key.index, "does not have it in its trace"));
    }
  }

  std::string looked_at() const override {
    const auto on_wire = std::count_if(entries_.begin(), entries_.end(),
                                       [](const auto& each) { return each.second.is_on_wire; });
    auto text = fmt::format("{} entries are the same in every log that has them", entries_.size());
    if (on_wire > 0) text += fmt::format("; {} of them were seen on the wire", on_wire);
    return text;
  }

 private:
  struct Entry {
    trace::Digest digest;
    /// Absent if a snapshot replaced the previous entry.
    std::optional<Term> previous_term;
    Sighting sighting;
    bool is_in_traces = false;
    bool is_of_leader = false;
    bool is_on_wire = false;
  };
  enum class Source { trace, wire };

  /// Only the leader of a term makes entries of that term.
  void note_origin(const trace::Appended& appended, Term term) {
    Index index = appended.first;
    for (const auto& entry : appended.entries) {
      const auto at = entries_.find({index, entry.term});
      if (entry.term == term && at != entries_.end()) at->second.is_of_leader = true;
      index = index.next();
    }
  }

  void see(Source source, const Sighting& sighting, Index first, std::optional<Term> previous_term,
           const std::vector<trace::EntryDigest>& entries) {
    Index index = first;
    for (const auto& entry : entries) {
      const auto [at, is_new] = entries_.try_emplace(EntryKey{index, entry.term},
                                                     Entry{entry.digest, previous_term, sighting});
      auto& before = at->second;
      (source == Source::trace ? before.is_in_traces : before.is_on_wire) = true;
      if (!is_new && before.digest != entry.digest) {
        violate(
            fmt::format("{} and {} hold different entries at index {} of term {}",
                        name_of(before.sighting.node), name_of(sighting.node), index.value,
                        entry.term.value),
            evidence(before.sighting, index, fmt::format("holds digest {:016x}", before.digest)),
            evidence(sighting, index, fmt::format("holds digest {:016x}", entry.digest)));
      } else if (!is_new && before.previous_term != previous_term) {
        const auto words = [](const std::optional<Term>& term) {
          return fmt::format("the previous entry is of term {}", term ? term->value : 0);
        };
        violate(
            fmt::format("{} and {} hold the same entry at index {} of term {}, but not the same "
                        "entry before it",
                        name_of(before.sighting.node), name_of(sighting.node), index.value,
                        entry.term.value),
            evidence(before.sighting, index, words(before.previous_term)),
            evidence(sighting, index, words(previous_term)));
      }
      previous_term = entry.term;
      index = index.next();
    }
  }

  std::unordered_map<EntryKey, Entry, EntryKeyHash> entries_;
};

}  // namespace

std::unique_ptr<Property> make_log_matching() {
  return std::make_unique<LogMatching>();
}

}  // namespace sunder::checker::raft
