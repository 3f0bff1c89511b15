#pragma once
// The safety decisions of Raft, each a small pure function with the paper's section. The core asks
// them through a Rules value, so that one of them can be replaced by a mistaken one without a trace
// of the mistake in the core.

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

/// §5.1: whether a server takes over the message's term.
bool is_of_later_term(const Message& message, Term ours);

/// §5.1: whoever finds itself in a later term is a follower in it, whatever it was.
bool steps_down_in_later_term(Role role);

/// §5.1: whether a message is too old to be listened to.
bool is_stale(const Message& message, Term ours);

/// §5.1: what the sender of a stale message is to learn from its refusal: the present term.
Term term_of_refusal(const Message& stale, Term ours);

/// §5.2: what a server remembers as it becomes this in that term. A later term forgets the vote,
/// the same one never does; a candidate votes for itself.
HardState hard_state_in(Role role, Term term, const HardState& before, NodeId self);

/// What need not wait until the disk holds the entries of the same step: only what promises nothing
/// about them (thesis §10.2.1).
bool may_leave_early(const Body& body);

/// §5.2: T to 2T, drawn anew each time, so that votes are seldom split, and not again and again.
Time election_timeout(Time least, std::uint64_t random);

/// §5.2: whoever gave its vote away gives that candidate the time to win.
bool resets_election_timer(bool granted_vote);

/// Who may stand for election and is asked for its vote: voters, not learners, nor who was removed.
bool takes_part_in_elections(const Configuration& configuration, NodeId node);

/// §5.4.1: whether the candidate's log is at least as up to date as the voter's.
bool candidate_log_is_current(LogPosition candidate, LogPosition voter);

/// §5.2, §5.4.1: one vote a term, first come first served, and only for a current log. The same
/// candidate may ask again.
bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current);

/// §5.2: whether these votes make a leader. One that is heard twice counts once.
bool wins_election(const Configuration& configuration, const std::vector<NodeId>& votes);

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

/// §5.3: where a new leader's own entries begin: it only appends.
Index first_index_of_leader(const Log& log, Index commit_index);

/// §5.3: the last entry a follower knows to be the leader's after an append; not the last it has.
Index match_after_append(const Log& log, Index previous, std::size_t count);

/// §5.3: where a refusing follower's log may still agree with the leader's.
LogPosition conflict_hint(const Log& log, LogPosition refused);

/// §5.3: the leader's next attempt after such a hint: before what was refused, or it never ends.
Index next_after_refusal(const Log& log, Index refused, LogPosition hint);

/// §5.3: min(leaderCommit, last verified entry), never back.
Index follower_commit_index(const Log& log, Index commit_index, Index leader_commit,
                            Index last_verified);

/// The greatest value that a quorum has reached: of `match`, what is committed.
using raft::quorum_value;

/// §5.4.2: a leader commits by counting only entries of its own term.
Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term);

/// Up to where a restarted server's state machine is: its snapshot. What follows is applied again.
Index applied_at_start(const Log& log);

/// §7: whether a snapshot tells a follower anything: not if it knows all of it to be committed.
bool installs_snapshot(Index commit_index, Index snapshot_last);

/// §7: whether a piece of a snapshot is the next one: it may come twice, or late.
bool piece_fits(std::uint64_t offset, std::uint64_t received_bytes);

/// §7: whether the log behind a snapshot's edge agrees with it and stays.
bool keeps_suffix(const Log& log, LogPosition snapshot_edge);

/// §4.3, and Ongaro's correction of 2015: whether a leader may begin the next configuration: the
/// present one is committed, and so is an entry of its own term.
bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index);

/// §4.3: the step from one set of voters to another: both decide.
Configuration next_configuration(const Configuration& present, const std::set<NodeId>& voters);

/// §4.1: every configuration that a restarted server knows of, by where it stands: its snapshot's,
/// or else the cluster's first, and those in its log.
std::map<Index, Configuration> configurations_at_start(const Configuration& initial,
                                                       const Restored& restored);

/// §3.10: a leader that hands over takes no commands, or its target never catches up.
bool takes_commands(Role role, bool is_transferring);

/// §8: whether a leader knows every committed entry to be committed: only from the first commit of
/// its own term on.
bool may_begin_reads(const Log& log, Index commit_index, Term term);

/// §6.4: the round that confirms reads which come now: one that nobody can have answered yet.
std::uint64_t round_of_reads(std::uint64_t latest_round);

/// §6.4: whether a quorum acknowledged the leader in a round begun after the read.
bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round);

/// §6.4.1: from when on a lease counts, for a round that a quorum acknowledged: what followers
/// promised, they promised at any time since it began. `acknowledged` says since when a quorum was
/// heard.
Time lease_began(Time round_began, const std::function<Time()>& acknowledged);

/// §6.4.1: whether no other leader can exist yet: a quorum acknowledged a round that began so
/// lately that, on the fastest of their clocks, the least election timeout is not over. `lease` is
/// shorter than that timeout by what the clocks' rates may differ.
bool lease_holds(Time since_round_began, Time lease);

}  // namespace sunder::raft::rules

namespace sunder::raft {

/// The right rules, unless one is replaced.
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
