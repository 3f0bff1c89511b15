#pragma once
// The safety decisions of Raft, each a small pure function with the paper's section. The core asks
// them through a Rules value, so that one of them can be replaced by a mistaken one without a trace
// of the mistake in the core.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "node/raft/configuration.h"
#include "node/raft/log.h"
#include "node/raft/types.h"

namespace sunder::raft::rules {

/// §5.1: whether a message of `theirs` makes a server at `ours` step down.
bool is_later_term(Term theirs, Term ours);

/// §5.4.1: whether the candidate's log is at least as up to date as the voter's.
bool candidate_log_is_current(LogPosition candidate, LogPosition voter);

/// §5.2, §5.4.1: one vote a term, first come first served, and only for a current log. The same
/// candidate may ask again.
bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current);

/// §5.2: whether these votes make a leader.
bool wins_election(const Configuration& configuration, const std::set<NodeId>& votes);

/// §4.2.3: who heard from a leader less than the least election timeout ago keeps it, and does not
/// listen to candidates.
bool keeps_its_leader(Time since_heard, Time election_timeout);

/// §6.2: whether a leader has heard from a quorum lately enough to stay.
bool leader_has_quorum(const Configuration& configuration,
                       const std::function<bool(NodeId)>& heard_lately);

/// §5.3: whether the log holds the leader's entry at `previous`. What a snapshot covers is
/// committed, so it is the leader's.
bool entry_matches(const Log& log, LogPosition previous);

/// §5.3: the first of the leader's entries that the log lacks or holds in another term. Only from
/// there on may the log change.
std::optional<Index> first_conflict(const Log& log, const std::vector<EntryPtr>& entries);

/// §5.3: the last entry a follower knows to be the leader's after an append.
Index match_after_append(Index previous, std::size_t count);

/// §5.3: where a refusing follower's log may still agree with the leader's.
LogPosition conflict_hint(const Log& log, LogPosition refused);

/// §5.3: the leader's next attempt after such a hint.
Index next_after_refusal(const Log& log, LogPosition hint);

/// §5.3: min(leaderCommit, last verified entry), never back.
Index follower_commit_index(Index commit_index, Index leader_commit, Index last_verified);

/// §5.4.2: a leader commits by counting only entries of its own term.
Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term);

/// §7: whether the log behind a snapshot's edge agrees with it and stays.
bool keeps_suffix(const Log& log, LogPosition snapshot_edge);

/// §4.3, and Ongaro's correction of 2015: whether a leader may begin the next configuration: the
/// present one is committed, and so is an entry of its own term.
bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index);

/// §8: whether a leader knows every committed entry to be committed: only from the first commit of
/// its own term on.
bool may_begin_reads(const Log& log, Index commit_index, Term term);

/// §6.4: whether a quorum acknowledged the leader in a round begun after the read.
bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round);

/// §6.4.1: whether no other leader can exist yet: a quorum acknowledged a round that began so
/// lately that, on the fastest of their clocks, the least election timeout is not over. `lease` is
/// shorter than that timeout by what the clocks' rates may differ.
bool lease_holds(Time since_round_began, Time lease);

}  // namespace sunder::raft::rules

namespace sunder::raft {

/// The right rules, unless one is replaced.
struct Rules {
  std::function<decltype(rules::is_later_term)> is_later_term = rules::is_later_term;
  std::function<decltype(rules::candidate_log_is_current)> candidate_log_is_current =
      rules::candidate_log_is_current;
  std::function<decltype(rules::may_grant_vote)> may_grant_vote = rules::may_grant_vote;
  std::function<decltype(rules::wins_election)> wins_election = rules::wins_election;
  std::function<decltype(rules::keeps_its_leader)> keeps_its_leader = rules::keeps_its_leader;
  std::function<decltype(rules::leader_has_quorum)> leader_has_quorum = rules::leader_has_quorum;
  std::function<decltype(rules::entry_matches)> entry_matches = rules::entry_matches;
  std::function<decltype(rules::first_conflict)> first_conflict = rules::first_conflict;
  std::function<decltype(rules::match_after_append)> match_after_append = rules::match_after_append;
  std::function<decltype(rules::conflict_hint)> conflict_hint = rules::conflict_hint;
  std::function<decltype(rules::next_after_refusal)> next_after_refusal = rules::next_after_refusal;
  std::function<decltype(rules::follower_commit_index)> follower_commit_index =
      rules::follower_commit_index;
  std::function<decltype(rules::leader_commit_index)> leader_commit_index =
      rules::leader_commit_index;
  std::function<decltype(rules::keeps_suffix)> keeps_suffix = rules::keeps_suffix;
  std::function<decltype(rules::may_change_configuration)> may_change_configuration =
      rules::may_change_configuration;
  std::function<decltype(rules::may_begin_reads)> may_begin_reads = rules::may_begin_reads;
  std::function<decltype(rules::read_is_confirmed)> read_is_confirmed = rules::read_is_confirmed;
  std::function<decltype(rules::lease_holds)> lease_holds = rules::lease_holds;
};

}  // namespace sunder::raft
