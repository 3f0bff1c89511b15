#include <algorithm>

#include <fmt/format.h>

#include "checker/raft/rules.h"

namespace sunder::checker::raft {

namespace {

// So many waits that are alike within a tenth, leaving out the extremes, do not happen by chance:
// where they are spread over one to two timeouts, the odds are below one in ten million.
constexpr std::size_t least_waits = 20;
constexpr std::size_t extremes = 2;

double milliseconds(history::Time time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

void ElectionTimer::observe(const trace::Record& record, const Replica&) {
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
    stand(sighting, candidate->leadership_transfer, node);
  } else if (std::holds_alternative<trace::BecameFollower>(record.event) ||
             std::holds_alternative<trace::BecameLeader>(record.event)) {
    node.candidacy.reset();
  }
}

void ElectionTimer::stand(const Sighting& sighting, bool leadership_transfer, Node& node) {
  if (node.least && !leadership_transfer) {
    if (node.vote) changes_.push_back({*node.vote, sighting, *node.least});
    if (node.candidacy && node.candidacy->term.next() == sighting.term) {
      waits_.push_back({*node.candidacy, sighting});
    }
  }
  node.vote.reset();
  node.candidacy = sighting;
}

/// The vote was given after its candidate stood; when exactly, a trace that waits for the disk does
/// not tell.
void ElectionTimer::finish(bool) {
  for (const auto& [vote, candidacy, least] : changes_) {
    const auto stood = candidacies_.find({vote.sighting.term, vote.candidate});
    if (stood == candidacies_.end() || stood->second > vote.sighting.time) continue;
    const auto waited = candidacy.time - stood->second;
    if (waited >= least) continue;
    const auto voter = name_of(candidacy.node);
    violate(
        fmt::format("{} stood for election {:.1f} ms after {}, for whom it had voted, and should "
                    "have waited for {:.0f} ms",
                    voter, milliseconds(waited), name_of(vote.candidate), milliseconds(least)),
        evidence(vote.sighting, {}, fmt::format("voted for {}", name_of(vote.candidate))),
        evidence(candidacy, {}, "became a candidate"));
  }
  check_waits();
}

void ElectionTimer::check_waits() {
  if (waits_.size() < least_waits) return;
  const auto shorter = [](const Wait& left, const Wait& right) {
    return left.length() < right.length();
  };
  std::sort(waits_.begin(), waits_.end(), shorter);
  const auto& shortest = waits_[extremes];
  const auto& longest = waits_[waits_.size() - 1 - extremes];
  if (longest.length() - shortest.length() > shortest.length() / 10) return;
  violate(
      fmt::format("nodes stood again after {:.1f} to {:.1f} ms, {} times: their waits should "
                  "differ by chance",
                  milliseconds(shortest.length()), milliseconds(longest.length()), waits_.size()),
      evidence(shortest.over, {},
               fmt::format("stood again after {:.1f} ms", milliseconds(shortest.length()))),
      evidence(longest.over, {},
               fmt::format("stood again after {:.1f} ms", milliseconds(longest.length()))));
}

std::string ElectionTimer::looked_at() const {
  return fmt::format("{} who had voted for another waited for it, {} waits of candidates",
                     changes_.size(), waits_.size());
}

}  // namespace sunder::checker::raft
