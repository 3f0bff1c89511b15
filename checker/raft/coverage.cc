#include "checker/raft/coverage.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sunder::checker::raft {

namespace {

constexpr std::string_view split_vote = "two candidates in one term";
constexpr std::string_view refused_for_log = "a vote refused for the age of the log";
constexpr std::string_view won_again = "leadership lost and won again by one node";
constexpr std::string_view two_leaders = "a leader of an older term beside the newer one";
constexpr std::string_view truncation = "several entries truncated";
constexpr std::string_view older_term = "entries of an older term committed by a newer leader";
constexpr std::string_view behind_snapshot = "a restart behind a snapshot";
constexpr std::string_view suffix_kept = "a snapshot installed before a suffix that was kept";
constexpr std::string_view suffix_dropped = "a snapshot installed in place of a log";
constexpr std::string_view candidate_restart = "a restart in the middle of a candidacy";
constexpr std::string_view leader_restart = "a restart of a leader";
constexpr std::string_view joint = "a joint configuration";
constexpr std::string_view joint_partitioned = "a joint configuration while the network is cut";
constexpr std::string_view joint_lost = "a configuration undone by truncation";
constexpr std::string_view leader_removed = "a leader outside of the voters";
constexpr std::string_view snapshot_partitioned = "a snapshot installed while the network is cut";

constexpr std::array situations{
    split_vote,        refused_for_log,   won_again,       two_leaders,
    truncation,        older_term,        behind_snapshot, suffix_kept,
    suffix_dropped,    candidate_restart, leader_restart,  joint,
    joint_partitioned, joint_lost,        leader_removed,  snapshot_partitioned};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0xff51afd7ed558ccd;
  return hash ^ (hash >> 32);
}

/// A rough distance: a difference of one matters, 50 and 60 count as the same.
std::uint64_t distance(std::uint64_t ahead, std::uint64_t behind) {
  const auto lag = ahead - std::min(ahead, behind);
  if (lag <= 2) return lag;
  if (lag < 10) return 3;
  return lag < 100 ? 4 : 5;
}

Term last_term(const Log& log) {
  return log.term(log.last()).value_or(Term{});
}

}  // namespace

std::span<const std::string_view> all_situations() {
  return situations;
}

void Coverage::saw(std::string_view situation) {
  situations_.insert(situation);
}

void Coverage::observe(const trace::Record& record) {
  if (trace::is_of_a_witness(record.event)) return;
  auto& node = nodes_[record.node];
  note_situations(record, node);
  node.state.observe(record);
  node.term = record.term;
  if (std::holds_alternative<trace::VoteGranted>(record.event)) {
    node.voted_in = record.term;
  } else if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    node.has_led = true;
  } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
    node.is_joint = !configuration->outgoing.empty();
    node.configuration_at = configuration->index;
  }
  note_refused_votes(record, node);
  states_.insert(state());
  // Each pair of consecutive events, with roles, is a state, too: their order matters.
  const auto role = static_cast<std::uint64_t>(node.state.role());
  const auto event = record.event.index() * 4 + role;
  states_.insert(mixed(mixed(0x9e3779b97f4a7c15, last_event_), event));
  last_event_ = event;
}

/// The set of nodes, each as its role and its distances to the most advanced node.
std::uint64_t Coverage::state() const {
  Term newest;
  Term newest_entry;
  Index longest;
  for (const auto& [id, node] : nodes_) {
    newest = std::max(newest, node.term);
    newest_entry = std::max(newest_entry, last_term(node.state.log()));
    longest = std::max(longest, node.state.log().last());
  }
  std::vector<std::uint64_t> parts;
  for (const auto& [id, node] : nodes_) {
    const auto& log = node.state.log();
    std::uint64_t part = static_cast<std::uint64_t>(node.state.role());
    part = part * 8 + distance(newest.value, node.term.value);
    part = part * 8 + distance(longest.value, log.last().value);
    part = part * 8 + distance(newest_entry.value, last_term(log).value);
    part = part * 2 + (node.is_joint ? 1 : 0);
    parts.push_back(part);
  }
  std::sort(parts.begin(), parts.end());
  std::uint64_t hash = parts.size();
  for (const auto part : parts) hash = mixed(hash, part);
  return hash;
}

bool Coverage::is_partitioned(history::Time time) const {
  return std::any_of(partitions_.begin(), partitions_.end(), [time](const Disturbance& partition) {
    return partition.from <= time && time <= partition.until;
  });
}

void Coverage::note_situations(const trace::Record& record, const Node& before) {
  const auto& log = before.state.log();
  if (const auto* started = std::get_if<trace::Started>(&record.event)) {
    if (started->edge > Index{}) saw(behind_snapshot);
    if (before.state.role() == Role::candidate) saw(candidate_restart);
    if (before.state.role() == Role::leader) saw(leader_restart);
  } else if (std::holds_alternative<trace::BecameCandidate>(record.event)) {
    note_candidacy(record, before);
  } else if (std::holds_alternative<trace::BecameLeader>(record.event)) {
    if (before.has_led) saw(won_again);
    for (const auto& [id, node] : nodes_) {
      if (id != record.node && node.state.role() == Role::leader) saw(two_leaders);
    }
  } else if (const auto* truncated = std::get_if<trace::Truncated>(&record.event)) {
    if (log.last() > truncated->first) saw(truncation);
  } else if (const auto* committed = std::get_if<trace::Committed>(&record.event)) {
    const auto& voters = before.state.voters().voters;
    const bool is_leader = before.state.role() == Role::leader;
    const auto first_term = log.term(committed->last.previous());
    if (is_leader && first_term && *first_term < record.term) saw(older_term);
    const bool is_voter = std::find(voters.begin(), voters.end(), record.node) != voters.end();
    if (is_leader && !voters.empty() && !is_voter) saw(leader_removed);
  } else if (const auto* installed = std::get_if<trace::SnapshotInstalled>(&record.event)) {
    if (installed->kept_suffix) saw(suffix_kept);
    if (!installed->kept_suffix && log.last() > Index{}) saw(suffix_dropped);
    if (is_partitioned(record.time)) saw(snapshot_partitioned);
  } else if (const auto* configuration = std::get_if<trace::Configuration>(&record.event)) {
    note_configuration(record, *configuration, before);
  }
}

void Coverage::note_candidacy(const trace::Record& record, const Node& before) {
  const auto& log = before.state.log();
  auto& candidates = candidates_[record.term];
  candidates.push_back({record.node, log.last(), last_term(log)});
  if (candidates.size() > 1) saw(split_vote);
}

void Coverage::note_configuration(const trace::Record& record,
                                  const trace::Configuration& configuration, const Node& before) {
  const bool is_joint = !configuration.outgoing.empty();
  if (is_joint) {
    saw(joint);
    if (is_partitioned(record.time)) saw(joint_partitioned);
  } else if (before.is_joint && configuration.index < before.configuration_at) {
    saw(joint_lost);
  }
}

/// The node is in the term of a candidate whose log is less up to date, and has not voted.
void Coverage::note_refused_votes(const trace::Record& record, const Node& node) {
  if (!std::holds_alternative<trace::BecameFollower>(record.event)) return;
  if (node.voted_in == record.term) return;
  const auto candidates = candidates_.find(record.term);
  if (candidates == candidates_.end()) return;
  const auto& log = node.state.log();
  for (const auto& candidate : candidates->second) {
    if (candidate.node == record.node) continue;
    const bool is_behind =
        std::pair(candidate.end_term, candidate.end) < std::pair(last_term(log), log.last());
    if (is_behind) saw(refused_for_log);
  }
}

}  // namespace sunder::checker::raft
