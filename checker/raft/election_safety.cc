#include <fmt/format.h>

#include "checker/raft/properties.h"

namespace sunder::checker::raft {

namespace {

/// What a node says within this time may be of one step, and so not durable yet.
constexpr std::chrono::milliseconds same_step{1};

}  // namespace

void ElectionSafety::observe(const trace::Record& record, const Replica& replica) {
  note_vote(record);
  if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    lead(record, record.term, "became leader");
  } else if (const auto* appended = std::get_if<trace::Appended>(&record.event)) {
    // A leader appends entries of its own term: so it claims the term, elected in it or not.
    if (replica.role() == Role::leader && !appended->entries.empty()) {
      lead(record, appended->entries.back().term, "appended as leader");
    }
  }
}

void ElectionSafety::lead(const trace::Record& record, Term term, const char* how) {
  const Sighting here{record.time, record.node, term};
  const auto [at, is_first] = leaders_.try_emplace(term, Leader{here, how});
  const auto& there = at->second;
  if (is_first || there.sighting.node == record.node) return;
  violate(
      fmt::format("{} and {} both led term {}", name_of(there.sighting.node), name_of(record.node),
                  term.value),
      evidence(there.sighting, {}, fmt::format("{} {}", name_of(there.sighting.node), there.how)),
      evidence(here, {}, fmt::format("{} {}", name_of(record.node), how)));
}

void ElectionSafety::note_vote(const trace::Record& record) {
  const Sighting here{record.time, record.node, record.term};
  const auto said = said_.find(record.node);
  if (const auto* started = std::get_if<trace::Started>(&record.event)) {
    said_.erase(record.node);
    if (!started->voted_for) return;
    said_[record.node] = {here, *started->voted_for};
    count_vote(record.node);
    return;
  }
  if (said != said_.end() && record.time >= said->second.sighting.time + same_step) {
    count_vote(record.node);
  }
  if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
    said_[record.node] = {here, granted->candidate};
  }
}

void ElectionSafety::count_vote(NodeId node) {
  const auto vote = said_.extract(node).mapped();
  const Term term = vote.sighting.term;
  const auto [at, is_first] = votes_.try_emplace({node, term}, vote);
  const auto& before = at->second;
  if (is_first || before.candidate == vote.candidate) return;
  violate(fmt::format("{} voted twice in term {}: for {} and for {}", name_of(node), term.value,
                      name_of(before.candidate), name_of(vote.candidate)),
          evidence(before.sighting, {}, "voted for " + name_of(before.candidate)),
          evidence(vote.sighting, {}, "voted for " + name_of(vote.candidate)));
}

std::string ElectionSafety::looked_at() const {
  return fmt::format("{} terms with a leader have one each, {} votes were cast once",
                     leaders_.size(), votes_.size());
}

}  // namespace sunder::checker::raft
