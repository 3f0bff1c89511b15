#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class ElectionSafety final : public Property {
 public:
  ElectionSafety() : Property("election safety", {Witness::wire}) {}

  void observe(const trace::Record& record, const NodeState& state) override {
    note_vote(record);
    if (std::holds_alternative<trace::BecameLeader>(record.event)) {
      lead(record, record.term, "became leader").is_in_traces = true;
    } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
      // A leader appends entries of its own term, so an append claims that term without an
      // election.
      if (state.role() == Role::leader && !appended->entries.empty()) {
        lead(record, appended->entries.back().term, "appended as leader").is_in_traces = true;
      }
    } else if (std::holds_alternative<trace::Sent>(record.event)) {
      on_wire_.insert(record.term);
      lead(record, record.term, "sent messages as leader");
    }
  }

  void finish(const Gaps& gaps) override {
    for (const auto& [term, leader] : leaders_) {
      if (leader.is_in_traces || !gaps.is_whole(Witness::traces)) continue;
      const auto name = name_of(leader.sighting.node);
      violate(fmt::format(
                  "{} sent messages as leader of term {}, but did not become leader in its trace",
                  name, term.value),
              evidence(leader.sighting, {}, "sent messages as leader"),
              evidence(leader.sighting, {}, "did not become leader in its trace"));
    }
  }

  std::string looked_at() const override {
    auto text =
        fmt::format("{} terms had one leader each; no node voted twice in a term ({} votes)",
                    leaders_.size(), votes_.size());
    if (!on_wire_.empty())
      text += fmt::format("; {} leaders were seen on the wire", on_wire_.size());
    return text;
  }

 private:
  void note_vote(const trace::Record& record) {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      const bool is_empty = record.term == Term{} && started->edge == Index{} &&
                            started->entries.empty() && !started->voted_for;
      is_empty_[record.node] = is_empty;
      if (started->voted_for) count_vote(record.node, {here, *started->voted_for});
    } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
      const bool is_empty = std::exchange(is_empty_[record.node], false);
      if (is_empty && is_newcomer(record.node, *configuration)) forget_votes_of(record.node);
    } else if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
      count_vote(record.node, {here, granted->candidate});
    }
  }

  struct Leader {
    Sighting sighting;
    const char* how;
    bool is_in_traces = false;
  };

  Leader& lead(const trace::Record& record, Term term, const char* how) {
    const Sighting here{record.time, record.node, term};
    const auto [at, is_first] = leaders_.try_emplace(term, Leader{here, how});
    auto& there = at->second;
    if (is_first || there.sighting.node == record.node) return there;
    violate(
        fmt::format("{} and {} both led term {}", name_of(there.sighting.node),
                    name_of(record.node), term.value),
        evidence(there.sighting, {}, fmt::format("{} {}", name_of(there.sighting.node), there.how)),
        evidence(here, {}, fmt::format("{} {}", name_of(record.node), how)));
    return there;
  }

  /// Its disk was replaced. Its removal was committed first, so no leader can be elected any more
  /// by a vote of its earlier life.
  void forget_votes_of(NodeId node) {
    std::erase_if(votes_, [node](const auto& vote) { return vote.first.first == node; });
  }

  struct Vote {
    Sighting sighting;
    NodeId candidate;
  };

  void count_vote(NodeId node, const Vote& vote) {
    const Term term = vote.sighting.term;
    const auto [at, is_first] = votes_.try_emplace({node, term}, vote);
    const auto& before = at->second;
    if (is_first || before.candidate == vote.candidate) return;
    violate(fmt::format("{} voted twice in term {}: for {} and for {}", name_of(node), term.value,
                        name_of(before.candidate), name_of(vote.candidate)),
            evidence(before.sighting, {}, "voted for " + name_of(before.candidate)),
            evidence(vote.sighting, {}, "voted for " + name_of(vote.candidate)));
  }

  std::map<Term, Leader> leaders_;
  std::set<Term> on_wire_;
  std::map<std::pair<NodeId, Term>, Vote> votes_;
  /// Nodes that have started with nothing and not said their configuration yet.
  std::map<NodeId, bool> is_empty_;
};

}  // namespace

std::unique_ptr<Property> make_election_safety() {
  return std::make_unique<ElectionSafety>();
}

}  // namespace sunder::checker::raft
