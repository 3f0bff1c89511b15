#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class ElectionRestriction final : public Property {
 public:
  ElectionRestriction() : Property("election restriction") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (std::holds_alternative<trace::BecameCandidate>(record.event)) {
      const Candidacy candidacy{here, end_of(state.log()), record.time};
      const auto [at, is_first] = candidacies_.try_emplace({record.term, record.node}, candidacy);
      if (!is_first) at->second = {here, candidacy.end, at->second.first};
    } else if (const auto* granted = std::get_if<trace::VoteGranted>(&record.event)) {
      if (granted->candidate == record.node) return;
      votes_.push_back({here, granted->candidate, end_of(state.log())});
    }
  }

  void finish(const Gaps& gaps) override {
    for (const auto& vote : votes_) {
      const auto at = candidacies_.find({vote.sighting.term, vote.candidate});
      const bool is_candidate = at != candidacies_.end() && at->second.first <= vote.sighting.time;
      if (!is_candidate && gaps.is_whole(Witness::traces)) {
        const auto what = fmt::format("{} was no candidate", name_of(vote.candidate));
        violate(fmt::format("{} voted in term {} for {}, which was no candidate then",
                            name_of(vote.sighting.node), vote.sighting.term.value,
                            name_of(vote.candidate)),
                evidence(vote.sighting, vote.end.index, what),
                evidence(vote.sighting, vote.end.index,
                         fmt::format("voted for {}", name_of(vote.candidate))));
      }
      if (at == candidacies_.end()) continue;
      const auto& candidacy = at->second;
      if (candidacy.end >= vote.end) continue;
      const auto words = [](const LogEnd& end) {
        return fmt::format("its log ended at {} of term {}", end.index.value, end.term.value);
      };
      violate(fmt::format("{} voted in term {} for {}, whose log was less up to date",
                          name_of(vote.sighting.node), vote.sighting.term.value,
                          name_of(vote.candidate)),
              evidence(candidacy.sighting, candidacy.end.index,
                       "became candidate; " + words(candidacy.end)),
              evidence(vote.sighting, vote.end.index,
                       fmt::format("voted for {}; {}", name_of(vote.candidate), words(vote.end))));
    }
  }

  std::string looked_at() const override {
    return fmt::format(
        "{} votes went to candidates whose log was at least as up to date as the voter's",
        votes_.size());
  }

 private:
  /// The end of a node's log when it became candidate or voted, ordered as §5.4.1 says.
  struct LogEnd {
    Term term;
    Index index;
    auto operator<=>(const LogEnd&) const = default;
  };
  /// A node that lost its term may be a candidate of a term twice. The last time counts.
  struct Candidacy {
    Sighting sighting;
    LogEnd end;
    /// When it was the candidate of that term first.
    history::Time first;
  };
  struct Vote {
    Sighting sighting;
    NodeId candidate;
    LogEnd end;
  };

  static LogEnd end_of(const Log& log) {
    return {log.term(log.last()).value_or(Term{}), log.last()};
  }

  std::map<std::pair<Term, NodeId>, Candidacy> candidacies_;
  std::vector<Vote> votes_;
};

}  // namespace

std::unique_ptr<Property> make_election_restriction() {
  return std::make_unique<ElectionRestriction>();
}

}  // namespace sunder::checker::raft
