#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/raft/rules.h"

namespace sunder::checker::raft {

void ElectionMajority::observe(const trace::Record& record, const Replica& replica) {
  const auto vote = [&](NodeId candidate) {
    votes_[{record.term, candidate}].try_emplace(record.node, record.time);
  };
  if (const auto* started = std::get_if<trace::Started>(&record.event)) {
    if (started->voted_for) vote(*started->voted_for);
  } else if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
    vote(granted->candidate);
  } else if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    elections_.push_back({{record.time, record.node, record.term}, replica.voters()});
  }
}

void ElectionMajority::finish(bool traces_are_whole) {
  if (!traces_are_whole) return;
  for (const auto& election : elections_) {
    const auto& [time, leader, term] = election.sighting;
    if (!election.voters.are_known()) {
      doubt(fmt::format("{} does not say who the voters of term {} were", name_of(leader),
                        term.value));
      continue;
    }
    const auto votes = votes_.find({term, leader});
    std::vector<std::string> supporters;
    const bool is_elected = election.voters.have_majority([&](NodeId voter) {
      if (votes == votes_.end()) return false;
      const auto vote = votes->second.find(voter);
      if (vote == votes->second.end() || vote->second > election.sighting.time) return false;
      supporters.push_back(name_of(voter));
      return true;
    });
    if (is_elected) continue;
    const auto all = election.voters.voters.size();
    violate(fmt::format("{} became leader of term {} without the votes of a majority: {}",
                        name_of(leader), term.value,
                        supporters.empty() ? std::string("nobody had voted for it")
                                           : fmt::format("only {} of {} voters had voted for it",
                                                         fmt::join(supporters, ", "), all)),
            evidence(election.sighting, {}, "became leader"),
            evidence(election.sighting, {},
                     fmt::format("{} of {} voters had voted for it", supporters.size(), all)));
  }
}

std::string ElectionMajority::looked_at() const {
  return fmt::format("{} leaders had the votes of a majority", elections_.size());
}

}  // namespace sunder::checker::raft
