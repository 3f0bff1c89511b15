#pragma once
// The safety decisions of Raft, each one pure function. The core calls them through a Rules value,
// so that a mutant can replace one of them and the core needs no `if (bug)`. Why each decision is
// as it is, and what breaks otherwise, is in rules.cc.
// "§5.2" is a section of Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm
// (Extended Version)"; "thesis 4.3" is one of Ongaro's thesis.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "node/raft/configuration.h"
#include "node/raft/log.h"
#include "node/raft/message.h"
#include "node/raft/restored.h"
#include "node/raft/types.h"

namespace sunder::raft::rules {

/// §5.1: whether this server adopts the term of the message.
bool is_of_later_term(const Message& message, Term ours);

/// §5.1: whether a server that adopts a later term becomes a follower.
bool steps_down_in_later_term(Role role);

/// §5.1: whether the message is of an older term and must be rejected.
bool is_stale(const Message& message, Term ours);

/// §5.1: the term in the reply to a stale request.
Term term_of_refusal(const Message& stale, Term ours);

/// §5.1, §5.2: the term and vote to persist when a server takes this role in this term.
HardState hard_state_in(Role role, Term term, const HardState& before, NodeId self);

/// Thesis 10.2.1: whether the message may be sent before the entries of the same step are durable.
bool may_leave_early(const Body& body);

/// §5.2: a timeout between T (`least`) and 2T, drawn for each wait.
Time election_timeout(Time least, std::uint64_t random);

/// §5.2: whether the answer to a vote request restarts the election timer.
bool resets_election_timer(bool granted_vote);

/// §6: whether a node may become candidate and is asked for its vote.
bool takes_part_in_elections(const Configuration& configuration, NodeId node);

/// §5.4.1: whether the candidate's log is at least as up to date as the voter's.
bool candidate_log_is_current(LogPosition candidate, LogPosition voter);

/// §5.2, §5.4.1: whether to vote for this candidate in the current term.
bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current);

/// §5.2, §6: whether these votes elect a leader. `votes` may repeat a voter.
bool wins_election(const Configuration& configuration, const std::vector<NodeId>& votes);

/// §6, thesis 4.2.3: whether the last message of the leader is recent enough to ignore candidates.
bool keeps_its_leader(Time since_heard, Time election_timeout);

/// Thesis 6.2: whether enough followers answered recently for a leader to stay leader.
bool leader_has_quorum(const Configuration& configuration,
                       const std::function<bool(NodeId)>& heard_lately);

/// §5.3: whether the log has the leader's entry at `previous`.
bool entry_matches(const Log& log, LogPosition previous);

/// §5.3: the first of the leader's entries that the log lacks or has with another term.
std::optional<Index> first_conflict(const Log& log, const std::vector<EntryPtr>& entries);

/// §5.3: the index of the first entry that a new leader creates.
Index first_index_of_leader(const Log& log, Index commit_index);

/// §5.3: the last entry that is known to be the leader's after an append.
Index match_after_append(const Log& log, Index previous, std::size_t count);

/// §5.3: the last position at which a refusing follower's log can agree with the leader's.
LogPosition conflict_hint(const Log& log, LogPosition refused);

/// §5.3: the next entry that the leader sends after a refusal with this hint.
Index next_after_refusal(const Log& log, Index refused, LogPosition hint);

/// §5.3: a follower's commit index after an append.
Index follower_commit_index(const Log& log, Index commit_index, Index leader_commit,
                            Index last_verified);

/// §5.3, §6: the greatest value that a quorum has reached. Of `match`, the last replicated entry.
using raft::quorum_value;

/// §5.3, §5.4.2: a leader's commit index when a quorum has entries up to `quorum_match`.
Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term);

/// §7: the last entry that the state machine of a restarted server includes.
Index applied_at_start(const Log& log);

/// §7: whether a received snapshot replaces this server's state.
bool installs_snapshot(Index commit_index, Index snapshot_last);

/// §7: whether this piece of a snapshot is the next one.
bool piece_fits(std::uint64_t offset, std::uint64_t received_bytes);

/// §7: whether the entries after a received snapshot's last entry stay in the log.
bool keeps_suffix(const Log& log, LogPosition snapshot_edge);

/// Thesis 4.1 and 4.3: whether a leader may append the next configuration.
bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index);

/// §6: the configuration that leads from `present` to new voters.
Configuration next_configuration(const Configuration& present, const std::set<NodeId>& voters);

/// §6, §7: the configurations that a restarted server knows, by log index.
std::map<Index, Configuration> configurations_at_start(const Configuration& initial,
                                                       const Restored& restored);

/// Thesis 3.10: whether this server accepts commands.
bool takes_commands(Role role, bool is_transferring);

/// §8: whether a leader may begin to serve reads.
bool may_begin_reads(const Log& log, Index commit_index, Term term);

/// Thesis 6.4: the round of heartbeats that confirms the reads which arrive now.
std::uint64_t round_of_reads(std::uint64_t latest_round);

/// Thesis 6.4: whether a quorum acknowledged the round of a read, or a later one.
bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round);

/// Thesis 6.4.1: the start of the lease, for the last round that a quorum acknowledged.
/// `acknowledged` returns since when a quorum has answered.
Time lease_began(Time round_began, const std::function<Time()>& acknowledged);

/// Thesis 6.4.1: whether the lease is still valid, so that no other leader can exist. `lease` is
/// shorter than the least election timeout by the allowed difference of clock rates.
bool lease_holds(Time since_round_began, Time lease);

}  // namespace sunder::raft::rules

namespace sunder::raft {

/// The correct rules. A mutant replaces some of them.
struct Rules {
  std::function<decltype(rules::is_of_later_term)> is_of_later_term = rules::is_of_later_term;
  std::function<decltype(rules::steps_down_in_later_term)> steps_down_in_later_term =
      rules::steps_down_in_later_term;
  std::function<decltype(rules::is_stale)> is_stale = rules::is_stale;
  std::function<decltype(rules::term_of_refusal)> term_of_refusal = rules::term_of_refusal;
  std::function<decltype(rules::hard_state_in)> hard_state_in = rules::hard_state_in;
  std::function<decltype(rules::may_leave_early)> may_leave_early = rules::may_leave_early;
  std::function<decltype(rules::election_timeout)> election_timeout = rules::election_timeout;
  std::function<decltype(rules::resets_election_timer)> resets_election_timer =
      rules::resets_election_timer;
  std::function<decltype(rules::takes_part_in_elections)> takes_part_in_elections =
      rules::takes_part_in_elections;
  std::function<decltype(rules::candidate_log_is_current)> candidate_log_is_current =
      rules::candidate_log_is_current;
  std::function<decltype(rules::may_grant_vote)> may_grant_vote = rules::may_grant_vote;
  std::function<decltype(rules::wins_election)> wins_election = rules::wins_election;
  std::function<decltype(rules::keeps_its_leader)> keeps_its_leader = rules::keeps_its_leader;
  std::function<decltype(rules::leader_has_quorum)> leader_has_quorum = rules::leader_has_quorum;
  std::function<decltype(rules::entry_matches)> entry_matches = rules::entry_matches;
  std::function<decltype(rules::first_conflict)> first_conflict = rules::first_conflict;
  std::function<decltype(rules::first_index_of_leader)> first_index_of_leader =
      rules::first_index_of_leader;
  std::function<decltype(rules::match_after_append)> match_after_append = rules::match_after_append;
  std::function<decltype(rules::conflict_hint)> conflict_hint = rules::conflict_hint;
  std::function<decltype(rules::next_after_refusal)> next_after_refusal = rules::next_after_refusal;
  std::function<decltype(rules::follower_commit_index)> follower_commit_index =
      rules::follower_commit_index;
  std::function<decltype(rules::quorum_value)> quorum_value = rules::quorum_value;
  std::function<decltype(rules::leader_commit_index)> leader_commit_index =
      rules::leader_commit_index;
  std::function<decltype(rules::applied_at_start)> applied_at_start = rules::applied_at_start;
  std::function<decltype(rules::installs_snapshot)> installs_snapshot = rules::installs_snapshot;
  std::function<decltype(rules::piece_fits)> piece_fits = rules::piece_fits;
  std::function<decltype(rules::keeps_suffix)> keeps_suffix = rules::keeps_suffix;
  std::function<decltype(rules::may_change_configuration)> may_change_configuration =
      rules::may_change_configuration;
  std::function<decltype(rules::next_configuration)> next_configuration = rules::next_configuration;
  std::function<decltype(rules::configurations_at_start)> configurations_at_start =
      rules::configurations_at_start;
  std::function<decltype(rules::takes_commands)> takes_commands = rules::takes_commands;
  std::function<decltype(rules::may_begin_reads)> may_begin_reads = rules::may_begin_reads;
  std::function<decltype(rules::round_of_reads)> round_of_reads = rules::round_of_reads;
  std::function<decltype(rules::read_is_confirmed)> read_is_confirmed = rules::read_is_confirmed;
  std::function<decltype(rules::lease_began)> lease_began = rules::lease_began;
  std::function<decltype(rules::lease_holds)> lease_holds = rules::lease_holds;
};

}  // namespace sunder::raft
