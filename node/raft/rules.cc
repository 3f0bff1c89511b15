#include "node/raft/rules.h"

#include <algorithm>

#include "node/check.h"

namespace sunder::raft::rules {

bool is_of_later_term(const Message& message, Term ours) {
  return message.term > ours;
}

bool steps_down_in_later_term(Role) {
  return true;
}

bool is_stale(const Message& message, Term ours) {
  return message.term < ours;
}

Term term_of_refusal(const Message&, Term ours) {
  return ours;
}

HardState hard_state_in(Role role, Term term, const HardState& before, NodeId self) {
  CHECK(term >= before.term, "term {} after {}", term.value, before.term.value);
  if (role == Role::candidate) return {term, self};
  return term > before.term ? HardState{term, std::nullopt} : before;
}

bool may_leave_early(const Body& body) {
  return std::holds_alternative<AppendEntries>(body) ||
         std::holds_alternative<InstallSnapshot>(body);
}

Time election_timeout(Time least, std::uint64_t random) {
  const auto spread = static_cast<std::uint64_t>(least.count()) + 1;
  return least + Time{static_cast<Time::rep>(random % spread)};
}

bool resets_election_timer(bool granted_vote) {
  return granted_vote;
}

bool takes_part_in_elections(const Configuration& configuration, NodeId node) {
  return configuration.is_voter(node);
}

bool candidate_log_is_current(LogPosition candidate, LogPosition voter) {
  return candidate >= voter;
}

bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current) {
  return log_is_current && (!voted_for || *voted_for == candidate);
}

bool wins_election(const Configuration& configuration, const std::vector<NodeId>& votes) {
  return is_quorum(configuration, [&](NodeId node) {
    return std::find(votes.begin(), votes.end(), node) != votes.end();
  });
}

bool keeps_its_leader(Time since_heard, Time election_timeout) {
  return since_heard < election_timeout;
}

bool leader_has_quorum(const Configuration& configuration,
                       const std::function<bool(NodeId)>& heard_lately) {
  return is_quorum(configuration, heard_lately);
}

bool entry_matches(const Log& log, LogPosition previous) {
  return previous.index < log.edge().index || log.term_at(previous.index) == previous.term;
}

std::optional<Index> first_conflict(const Log& log, const std::vector<EntryPtr>& entries) {
  for (const auto& entry : entries) {
    if (!entry_matches(log, entry->position)) return entry->position.index;
  }
  return std::nullopt;
}

Index first_index_of_leader(const Log& log, Index) {
  return log.last().index.next();
}

Index match_after_append(const Log& log, Index previous, std::size_t count) {
  const Index last{previous.value + count};
  CHECK(last <= std::max(log.last().index, log.edge().index), "verified {}, last {}", last.value,
        log.last().index.value);
  return last;
}

LogPosition conflict_hint(const Log& log, LogPosition refused) {
  return log.last_not_later(refused.index, refused.term);
}

Index next_after_refusal(const Log& log, Index refused, LogPosition hint) {
  const bool is_compacted = hint.index < log.edge().index;
  const auto agreeing = is_compacted ? hint.index : log.last_not_later(hint.index, hint.term).index;
  return std::min(agreeing.next(), refused);
}

Index follower_commit_index(const Log&, Index commit_index, Index leader_commit,
                            Index last_verified) {
  return std::max(commit_index, std::min(leader_commit, last_verified));
}

Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term) {
  const bool is_own_term = log.term_at(quorum_match) == term;
  return is_own_term ? std::max(commit_index, quorum_match) : commit_index;
}

Index applied_at_start(const Log& log) {
  return log.edge().index;
}

bool installs_snapshot(Index commit_index, Index snapshot_last) {
  return snapshot_last > commit_index;
}

bool piece_fits(std::uint64_t offset, std::uint64_t received_bytes) {
  return offset == received_bytes;
}

bool keeps_suffix(const Log& log, LogPosition snapshot_edge) {
  return log.term_at(snapshot_edge.index) == snapshot_edge.term;
}

bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index) {
  return configuration_index <= commit_index && log.term_at(commit_index) == term;
}

Configuration next_configuration(const Configuration& present, const std::set<NodeId>& voters) {
  return {voters, present.voters, {}};
}

std::map<Index, Configuration> configurations_at_start(const Configuration& initial,
                                                       const Restored& restored) {
  std::map<Index, Configuration> result;
  if (restored.snapshot) {
    result.emplace(restored.snapshot->configuration_index, restored.snapshot->configuration);
  } else {
    result.emplace(Index{0}, initial);
  }
  for (const auto& entry : restored.entries) {
    if (entry->type != EntryType::configuration) continue;
    result.emplace(entry->position.index, decode_configuration(entry->data));
  }
  return result;
}

bool takes_commands(Role role, bool is_transferring) {
  return role == Role::leader && !is_transferring;
}

bool may_begin_reads(const Log& log, Index commit_index, Term term) {
  return log.term_at(commit_index) == term;
}

std::uint64_t round_of_reads(std::uint64_t latest_round) {
  return latest_round + 1;
}

bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round) {
  return is_quorum(configuration, [&](NodeId node) { return acknowledged_round(node) >= round; });
}

Time lease_began(Time round_began, const std::function<Time()>&) {
  return round_began;
}

bool lease_holds(Time since_round_began, Time lease) {
  return since_round_began < lease;
}

}  // namespace sunder::raft::rules
