#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class ElectionMajority final : public Property {
 public:
  ElectionMajority() : Property("election majority") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const auto vote = [&](NodeId candidate) {
      votes_[{record.term, candidate}].try_emplace(record.node, record.time);
    };
    if (const auto* started = std::get_if<trace::Started>(&record.event)) {
      if (started->voted_for) vote(*started->voted_for);
    } else if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
      vote(granted->candidate);
    } else if (const auto* elected = std::get_if<trace::BecameLeader>(&record.event)) {
      const Sighting here{record.time, record.node, record.term};
      elections_.push_back({here, state.voters()});
      check_candidate(here, *elected, state);
    }
  }

  void finish(const Gaps& gaps) override {
    if (!gaps.is_whole(Witness::traces)) return;
    for (const auto& election : elections_) {
      const auto& [time, leader, term] = election.sighting;
      if (!election.voters.are_known()) {
        doubt(fmt::format("the trace of {} does not say who the voters of term {} were",
                          name_of(leader), term.value));
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
                          supporters.empty() ? std::string("no voter had voted for it")
                                             : fmt::format("only {} of {} voters had voted for it",
                                                           fmt::join(supporters, ", "), all)),
              evidence(election.sighting, {}, "became leader"),
              evidence(election.sighting, {},
                       fmt::format("{} of {} voters had voted for it", supporters.size(), all)));
    }
  }

  std::string looked_at() const override {
    return fmt::format("a majority of the voters elected each of {} leaders", elections_.size());
  }

 private:
  void check_candidate(const Sighting& here, const trace::BecameLeader& elected,
                       const NodeState& state) {
    const auto end = state.log().last();
    const bool is_candidate = state.role() == Role::candidate;
    if (is_candidate && elected.last == end) return;
    violate(is_candidate
                ? fmt::format("{} became leader of term {} with a log up to {}, but its log ended "
                              "at {}",
                              name_of(here.node), here.term.value, elected.last.value, end.value)
                : fmt::format("{} became leader of term {} without being a candidate",
                              name_of(here.node), here.term.value),
            evidence(here, elected.last, "became leader"),
            evidence(here, end, fmt::format("its log ended at {}", end.value)));
  }

  struct Election {
    Sighting sighting;
    Voters voters;
  };
  std::vector<Election> elections_;
  /// For each term and candidate: when each voter voted for it first.
  std::map<std::pair<Term, NodeId>, std::map<NodeId, history::Time>> votes_;
};

}  // namespace

std::unique_ptr<Property> make_election_majority() {
  return std::make_unique<ElectionMajority>();
}

}  // namespace sunder::checker::raft
