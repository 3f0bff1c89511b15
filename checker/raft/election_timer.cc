#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "checker/raft/property.h"

namespace sunder::checker::raft {

namespace {

// If waits are uniform between one and two timeouts, three in ten lie within a tenth of their
// median. With this many waits, the odds that three quarters do are below one in a million.
constexpr std::size_t least_waits = 30;

double milliseconds(history::Time time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

class ElectionTimer final : public Property {
 public:
  ElectionTimer() : Property("election timer") {}

  void observe(const trace::Record& record, const NodeState&) override {
    auto& node = nodes_[record.node];
    const Sighting sighting{record.time, record.node, record.term};
    if (const auto* timeout = std::get_if<trace::ElectionTimeout>(&record.event)) {
      node = Node{timeout->least, {}, {}};
    } else if (std::holds_alternative<trace::Started>(record.event)) {
      node = {};
    } else if (const auto* vote = std::get_if<trace::VoteGranted>(&record.event)) {
      if (vote->candidate != record.node)
        node = Node{node.least, Vote{sighting, vote->candidate}, {}};
    } else if (const auto* candidate = std::get_if<trace::BecameCandidate>(&record.event)) {
      candidacies_.try_emplace({record.term, record.node}, record.time);
      note_candidacy(sighting, candidate->leadership_transfer, node);
    } else if (std::holds_alternative<trace::BecameFollower>(record.event) ||
               std::holds_alternative<trace::BecameLeader>(record.event)) {
      node.candidacy.reset();
    }
  }

  /// The wait is measured from the candidacy that got the vote. The vote's own record comes later,
  /// when the vote is durable.
  void finish(const Gaps&) override {
    for (const auto& [vote, candidacy, least] : changes_) {
      const auto started = candidacies_.find({vote.sighting.term, vote.candidate});
      if (started == candidacies_.end() || started->second > vote.sighting.time) continue;
      const auto waited = candidacy.time - started->second;
      if (waited >= least) continue;
      const auto voter = name_of(candidacy.node);
      violate(
          fmt::format(
              "{} became a candidate {:.1f} ms after {}, for which it had voted; it should have "
              "waited for {:.0f} ms",
              voter, milliseconds(waited), name_of(vote.candidate), milliseconds(least)),
          evidence(vote.sighting, {}, fmt::format("voted for {}", name_of(vote.candidate))),
          evidence(candidacy, {}, "became a candidate"));
    }
    check_waits();
  }

  std::string looked_at() const override {
    return fmt::format(
        "after each of {} votes the voter waited before its own candidacy; {} repeated "
        "candidacies were timed",
        changes_.size(), waits_.size());
  }

 private:
  struct Vote {
    Sighting sighting;
    NodeId candidate;
  };
  /// From a candidacy to the same node's candidacy in the next term, with no other event between.
  struct Wait {
    Sighting begun;
    Sighting over;
    history::Time length() const { return over.time - begun.time; }
  };
  /// A vote, and the voter's next candidacy.
  struct Change {
    Vote vote;
    Sighting candidacy;
    history::Time least;
  };
  struct Node {
    /// The lower bound of the election timeout; absent while the node's clock is altered.
    std::optional<history::Time> least;
    std::optional<Vote> vote;
    std::optional<Sighting> candidacy;
  };

  void note_candidacy(const Sighting& sighting, bool leadership_transfer, Node& node) {
    if (node.least && !leadership_transfer) {
      if (node.vote) changes_.push_back({*node.vote, sighting, *node.least});
      if (node.candidacy && node.candidacy->term.next() == sighting.term) {
        waits_.push_back({*node.candidacy, sighting});
      }
    }
    node.vote.reset();
    node.candidacy = sighting;
  }

  void check_waits() {
    if (waits_.size() < least_waits) return;
    const auto shorter = [](const Wait& left, const Wait& right) {
      return left.length() < right.length();
    };
    std::sort(waits_.begin(), waits_.end(), shorter);
    const auto median = waits_[waits_.size() / 2].length();
    const auto is_alike = [median](const Wait& wait) {
      return std::chrono::abs(wait.length() - median) <= median / 10;
    };
    const auto first = std::find_if(waits_.begin(), waits_.end(), is_alike);
    const auto last = std::find_if(waits_.rbegin(), waits_.rend(), is_alike);
    const auto alike =
        static_cast<std::size_t>(std::count_if(waits_.begin(), waits_.end(), is_alike));
    if (alike * 4 < waits_.size() * 3) return;
    const auto sighting_of = [](const Wait& wait) {
      return evidence(
          wait.over, {},
          fmt::format("became a candidate again after {:.1f} ms", milliseconds(wait.length())));
    };
    violate(fmt::format(
                "{} of {} times a candidate started its next election after {:.0f} to {:.0f} ms: "
                "election timeouts must be randomized",
                alike, waits_.size(), milliseconds(first->length()), milliseconds(last->length())),
            sighting_of(*first), sighting_of(*last));
  }

  std::map<NodeId, Node> nodes_;
  /// When each node became candidate in each term.
  std::map<std::pair<Term, NodeId>, history::Time> candidacies_;
  std::vector<Change> changes_;
  std::vector<Wait> waits_;
};

}  // namespace

std::unique_ptr<Property> make_election_timer() {
  return std::make_unique<ElectionTimer>();
}

}  // namespace sunder::checker::raft
