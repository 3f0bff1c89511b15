#include "node/raft/rules.h"

#include <algorithm>

namespace sunder::raft::rules {

bool is_later_term(Term theirs, Term ours) {
  return theirs > ours;
}

bool candidate_log_is_current(LogPosition candidate, LogPosition voter) {
  return candidate >= voter;
}

bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current) {
  return log_is_current && (!voted_for || *voted_for == candidate);
}

bool wins_election(const Configuration& configuration, const std::set<NodeId>& votes) {
  return is_quorum(configuration, [&](NodeId node) { return votes.contains(node); });
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

Index match_after_append(Index previous, std::size_t count) {
  return {previous.value + count};
}

LogPosition conflict_hint(const Log& log, LogPosition refused) {
  return log.last_not_later(refused.index, refused.term);
}

Index next_after_refusal(const Log& log, LogPosition hint) {
  if (hint.index < log.edge().index) return hint.index.next();
  return log.last_not_later(hint.index, hint.term).index.next();
}

Index follower_commit_index(Index commit_index, Index leader_commit, Index last_verified) {
  return std::max(commit_index, std::min(leader_commit, last_verified));
}

Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term) {
  const bool is_own_term = log.term_at(quorum_match) == term;
  return is_own_term ? std::max(commit_index, quorum_match) : commit_index;
}

bool keeps_suffix(const Log& log, LogPosition snapshot_edge) {
  return log.term_at(snapshot_edge.index) == snapshot_edge.term;
}

bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index) {
  return configuration_index <= commit_index && log.term_at(commit_index) == term;
}

bool may_begin_reads(const Log& log, Index commit_index, Term term) {
  return log.term_at(commit_index) == term;
}

bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round) {
  return is_quorum(configuration, [&](NodeId node) { return acknowledged_round(node) >= round; });
}

bool lease_holds(Time since_round_began, Time lease) {
  return since_round_began < lease;
}

}  // namespace sunder::raft::rules
