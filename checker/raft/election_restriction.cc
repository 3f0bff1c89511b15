#include <fmt/format.h>

#include "checker/raft/rules.h"

namespace sunder::checker::raft {

ElectionRestriction::LogEnd ElectionRestriction::end_of(const Log& log) {
  return {log.term(log.last()).value_or(Term{}), log.last()};
}

void ElectionRestriction::observe(const trace::Record& record, const Replica& replica) {
  const Sighting here{record.time, record.node, record.term};
  if (std::holds_alternative<trace::BecameCandidate>(record.event)) {
    candidacies_[{record.term, record.node}] = {here, end_of(replica.log())};
  } else if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
    if (granted->candidate == record.node) return;
    votes_.push_back({here, granted->candidate, end_of(replica.log())});
  }
}

void ElectionRestriction::finish(bool) {
  for (const auto& vote : votes_) {
    const auto at = candidacies_.find({vote.sighting.term, vote.candidate});
    if (at == candidacies_.end()) continue;
    const auto& candidacy = at->second;
    if (candidacy.end >= vote.end) continue;
    const auto words = [](const LogEnd& end) {
      return fmt::format("its log ended at {} of term {}", end.index.value, end.term.value);
    };
    violate(
        fmt::format("{} voted in term {} for {}, whose log was behind its own",
                    name_of(vote.sighting.node), vote.sighting.term.value, name_of(vote.candidate)),
        evidence(candidacy.sighting, candidacy.end.index,
                 "became candidate; " + words(candidacy.end)),
        evidence(vote.sighting, vote.end.index,
                 fmt::format("voted for {}; {}", name_of(vote.candidate), words(vote.end))));
  }
}

std::string ElectionRestriction::looked_at() const {
  return fmt::format("{} votes went to candidates with logs as long as the voter's or later",
                     votes_.size());
}

}  // namespace sunder::checker::raft
