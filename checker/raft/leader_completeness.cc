#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

class LeaderCompleteness final : public Property {
 public:
  LeaderCompleteness() : Property("leader completeness") {}

  void observe(const trace::Record& record, const NodeState& state) override {
    const Sighting here{record.time, record.node, record.term};
    if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
      const Index index = std::min(committed->last, state.log().last());
      const auto entry_term = state.log().term(index);
      if (!entry_term || index == Index{}) return;
      auto& furthest = commits_[record.term];
      if (index > furthest.index) furthest = {here, index, *entry_term};
    } else if (const auto* elected = std::get_if<trace::BecameLeader>(&record.event)) {
      const Index last = std::min(elected->last, state.log().last());
      elections_.push_back({here, last, state.log().term_runs(last)});
    }
  }

  /// By log matching a log that holds the furthest committed entry holds all before it.
  void finish(const Gaps&) override {
    for (const auto& election : elections_) {
      const Commit* furthest = nullptr;
      for (auto at = commits_.begin(); at != commits_.lower_bound(election.sighting.term); ++at) {
        if (furthest == nullptr || at->second.index > furthest->index) furthest = &at->second;
      }
      if (furthest == nullptr || furthest->index < election.log.front().first) continue;
      std::string instead = fmt::format("its log ends at {}", election.last.value);
      if (furthest->index <= election.last) {
        const auto behind =
            std::upper_bound(election.log.begin(), election.log.end(), furthest->index,
                             [](Index index, const TermRun& run) { return index < run.first; });
        const Term term = std::prev(behind)->term;
        if (term == furthest->entry_term) continue;
        instead = fmt::format("its log has an entry of term {} there", term.value);
      }
      const auto& committed = furthest->sighting;
      violate(fmt::format("{} became leader of term {} without entry {} of term {}, which {} "
                          "committed in term {}",
                          name_of(election.sighting.node), election.sighting.term.value,
                          furthest->index.value, furthest->entry_term.value,
                          name_of(committed.node), committed.term.value),
              evidence(committed, furthest->index,
                       fmt::format("committed up to {}", furthest->index.value)),
              evidence(election.sighting, furthest->index,
                       name_of(election.sighting.node) + " became leader; " + instead));
    }
  }

  std::string looked_at() const override {
    return fmt::format("{} leaders had every entry that was committed in an earlier term",
                       elections_.size());
  }

 private:
  struct Commit {
    Sighting sighting;
    Index index;
    Term entry_term;
  };
  struct Election {
    Sighting sighting;
    Index last;
    /// Its log at the election. By log matching, index and term say which entry it is.
    std::vector<TermRun> log;
  };
  /// The last commit of each term.
  std::map<Term, Commit> commits_;
  std::vector<Election> elections_;
};

}  // namespace

std::unique_ptr<Property> make_leader_completeness() {
  return std::make_unique<LeaderCompleteness>();
}

}  // namespace sunder::checker::raft
