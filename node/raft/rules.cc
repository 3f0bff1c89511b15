#include "node/raft/rules.h"

#include <algorithm>

#include "node/check.h"

namespace sunder::raft::rules {

// Replies count too. A deposed leader may get nothing but replies; if it ignored their term, it
// would stay leader and serve stale reads.
bool is_of_later_term(const Message& message, Term ours) {
  return message.term > ours;
}

// No server was elected in a term that it learned from a message. A leader that kept its role would
// lead a term that can have an elected leader, and both would create entries with the same index
// and term.
bool steps_down_in_later_term(Role) {
  return true;
}

// A vote or an acknowledgement is a promise in the term in which it was given. A vote of an older
// term, counted now, can elect a second leader. An append reply of an older term names entries that
// the follower may have replaced since, so counting it can commit an entry that no majority has.
bool is_stale(const Message& message, Term ours) {
  return message.term < ours;
}

// The reply carries our term, so that a deposed leader or candidate adopts it and steps down. With
// the request's own term, a server with an old term would send its requests forever.
Term term_of_refusal(const Message&, Term ours) {
  return ours;
}

// The vote is forgotten only with a later term. If stepping down, a pre-vote or an election victory
// cleared it, the server could vote for a second candidate in the same term, and both could win. A
// candidate's own vote is persisted like any other, or after a restart it would go to another.
HardState hard_state_in(Role role, Term term, const HardState& before, NodeId self) {
  CHECK(term >= before.term, "term {} after {}", term.value, before.term.value);
  if (role == Role::candidate) return {term, self};
  return term > before.term ? HardState{term, std::nullopt} : before;
}

// Only AppendEntries and pieces of a snapshot promise nothing about this server's disk: the leader
// counts its own copy of an entry when the copy is durable. Votes and acknowledgements are
// promises. If one leaves before the sync and power fails, the server has a majority's trust for an
// entry or a vote that it forgot.
bool may_leave_early(const Body& body) {
  return std::holds_alternative<AppendEntries>(body) ||
         std::holds_alternative<InstallSnapshot>(body);
}

// With equal timeouts all servers become candidates together and split the vote again and again.
Time election_timeout(Time least, std::uint64_t random) {
  const auto spread = static_cast<std::uint64_t>(least.count()) + 1;
  return least + Time{static_cast<Time::rep>(random % spread)};
}

// The voter gives the candidate time to win and to send its first heartbeat. Otherwise the voter
// soon becomes a candidate itself, raises the term and deposes the new leader. A refused request
// does not reset the timer: a candidate with an old log must not keep better ones from starting.
bool resets_election_timer(bool granted_vote) {
  return granted_vote;
}

// A learner may lack committed entries, and a removed server may not know of its removal. If they
// voted or led, a majority of the real voters could elect another leader in the same term.
bool takes_part_in_elections(const Configuration& configuration, NodeId node) {
  return configuration.is_voter(node);
}

// LogPosition compares the last term first and the index only within one term. An entry of a later
// term was created by a leader that had all entries committed before it, so a long log of
// uncommitted old entries must lose against a short one with a later last term. If the length
// decided, such a log could win and its leader would overwrite committed entries.
bool candidate_log_is_current(LogPosition candidate, LogPosition voter) {
  return candidate >= voter;
}

// One vote a term, because two majorities share a voter: if that voter votes once, a term has one
// leader. The same candidate may ask again, since its first request or our reply may be lost.
// Without the check of the log, a leader could lack committed entries and would overwrite them.
bool may_grant_vote(std::optional<NodeId> voted_for, NodeId candidate, bool log_is_current) {
  return log_is_current && (!voted_for || *voted_for == candidate);
}

// The votes are counted for each voter, so a duplicated reply counts once and the reply of a
// non-voter does not count. Otherwise a minority could elect a second leader.
bool wins_election(const Configuration& configuration, const std::vector<NodeId>& votes) {
  return is_quorum(configuration, [&](NodeId node) {
    return std::find(votes.begin(), votes.end(), node) != votes.end();
  });
}

// A removed server receives no heartbeats, and a server behind a partition misses them. Their
// candidacies must not depose a leader that a majority can reach. The lease of thesis 6.4.1 depends
// on this rule: for one election timeout after a heartbeat, the follower helps to elect no other
// leader.
bool keeps_its_leader(Time since_heard, Time election_timeout) {
  return since_heard < election_timeout;
}

// A leader that reaches no majority can commit nothing, but would keep its clients waiting. With an
// asymmetric partition its heartbeats also keep the others from electing a leader that could.
bool leader_has_quorum(const Configuration& configuration,
                       const std::function<bool(NodeId)>& heard_lately) {
  return is_quorum(configuration, heard_lately);
}

// This check is the induction step of log matching: if the entry before agrees in index and term,
// then so do all entries before it. Without the term, a follower would append the leader's entries
// to a different prefix and later apply different entries than the leader. What a snapshot covers
// is committed, hence the same in every log, also below the edge where the terms are no longer
// known.
bool entry_matches(const Log& log, LogPosition previous) {
  return previous.index < log.edge().index || log.term_at(previous.index) == previous.term;
}

// The log changes only from the first real conflict on. Messages arrive late and out of order: an
// AppendEntries that ends before our last entry says nothing about the entries after it, which may
// be acknowledged and counted as committed. Truncating them would lose committed entries.
std::optional<Index> first_conflict(const Log& log, const std::vector<EntryPtr>& entries) {
  for (const auto& entry : entries) {
    if (!entry_matches(log, entry->position)) return entry->position.index;
  }
  return std::nullopt;
}

// A leader only appends (leader append-only). An entry of an older term that it has not committed
// yet may be committed already: its predecessor may have counted a majority and died.
Index first_index_of_leader(const Log& log, Index) {
  return log.last().index.next();
}

// Only the entries up to the end of this message were compared with the leader's. Entries after
// them may be another leader's; acknowledging them would let the leader commit entries that we do
// not have.
Index match_after_append(const Log& log, Index previous, std::size_t count) {
  const Index last{previous.value + count};
  CHECK(last <= std::max(log.last().index, log.edge().index), "verified {}, last {}", last.value,
        log.last().index.value);
  return last;
}

// An entry at or before the refused index with a later term than the leader's entry there cannot be
// the leader's, so the hint skips all of them at once. This only saves round trips (the end of
// §5.3); the leader still checks the match. A wrong hint can keep the two logs from ever
// converging.
LogPosition conflict_hint(const Log& log, LogPosition refused) {
  return log.last_not_later(refused.index, refused.term);
}

// At most `refused`, so each refusal moves the next attempt back, and it ends at the latest at the
// edge of the log. If it did not move back, leader and follower would repeat the same exchange
// forever.
Index next_after_refusal(const Log& log, Index refused, LogPosition hint) {
  const bool is_compacted = hint.index < log.edge().index;
  const auto agreeing = is_compacted ? hint.index : log.last_not_later(hint.index, hint.term).index;
  return std::min(agreeing.next(), refused);
}

// The leader's commit index may lie after the entries just compared, where our log can still have
// entries of another leader. Committing those would apply entries that were never committed. It
// never moves back: a delayed message carries an older commit index.
Index follower_commit_index(const Log&, Index commit_index, Index leader_commit,
                            Index last_verified) {
  return std::max(commit_index, std::min(leader_commit, last_verified));
}

// Figure 8: an entry of an older term can be on a majority and still be overwritten by a server
// whose last entry has a later term. An entry of the leader's own term on a majority excludes that,
// since such a server no longer wins an election. It commits all entries before it by log matching.
Index leader_commit_index(const Log& log, Index commit_index, Index quorum_match, Term term) {
  const bool is_own_term = log.term_at(quorum_match) == term;
  return is_own_term ? std::max(commit_index, quorum_match) : commit_index;
}

// The state machine is in memory and is rebuilt from the snapshot, so the entries after it are
// applied again. Starting later would skip entries; starting earlier would apply entries twice.
Index applied_at_start(const Log& log) {
  return log.edge().index;
}

// A snapshot that ends at or before the commit index has nothing new. Installing a late copy would
// move the state machine back, and entries would be applied twice.
bool installs_snapshot(Index commit_index, Index snapshot_last) {
  return snapshot_last > commit_index;
}

// Pieces may be duplicated or arrive late. Appending one twice would build a snapshot of wrong
// bytes.
bool piece_fits(std::uint64_t offset, std::uint64_t received_bytes) {
  return offset == received_bytes;
}

// If our entry at the edge has the snapshot's term, then by log matching our prefix is what the
// snapshot covers, and the entries after it may be acknowledged already: they must stay. If it
// differs, they are from a deposed leader and would follow a prefix to which they do not belong.
bool keeps_suffix(const Log& log, LogPosition snapshot_edge) {
  return log.term_at(snapshot_edge.index) == snapshot_edge.term;
}

// The previous change must be committed, or a majority of the configuration before it and one of
// the new configuration need not overlap. The entry of the leader's own term is Ongaro's correction
// of 2015 to single-server changes (thesis 4.1): without it, a new leader can change the voters
// while another server still has its predecessor's uncommitted change. Majorities of the two
// results need not overlap and can elect two leaders in one term.
bool may_change_configuration(const Log& log, Index commit_index, Term term,
                              Index configuration_index) {
  return configuration_index <= commit_index && log.term_at(commit_index) == term;
}

// Joint consensus: while both sets are in force, an election and a commit need a majority of each.
// A direct step lets a majority of the old voters and a majority of the new ones, without a common
// member, elect two leaders in one term.
Configuration next_configuration(const Configuration& present, const std::set<NodeId>& voters) {
  return {voters, present.voters, {}};
}

// A server uses the latest configuration in its log, committed or not. Falling back to the initial
// one after a restart would let it vote with, and count, servers that were removed. The entries
// that a snapshot replaced include configurations, so the snapshot has to contain one.
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

// During a leadership transfer new commands would keep the target's log behind, and it could never
// win the election.
bool takes_commands(Role role, bool is_transferring) {
  return role == Role::leader && !is_transferring;
}

// A new leader has all committed entries, but does not know which ones they are until an entry of
// its own term is committed. Before that, its state machine may lack writes that clients saw
// succeed, and a read would be stale.
bool may_begin_reads(const Log& log, Index commit_index, Term term) {
  return log.term_at(commit_index) == term;
}

// The round must begin after the read arrived. An acknowledgement of an earlier round shows only
// that this server was leader before the read; another leader may have committed a write since.
std::uint64_t round_of_reads(std::uint64_t latest_round) {
  return latest_round + 1;
}

// A later leader needs a majority that adopted its term, and one of its members would have refused
// our round. So at the start of the round no later leader had been elected, and the commit index at
// that time covers every completed write.
bool read_is_confirmed(const Configuration& configuration,
                       const std::function<std::uint64_t(NodeId)>& acknowledged_round,
                       std::uint64_t round) {
  return is_quorum(configuration, [&](NodeId node) { return acknowledged_round(node) >= round; });
}

// A follower's promise not to elect another leader runs from when it received the round's message,
// which is at any time after the round began. Counted from the acknowledgement, the lease would
// outlast the promise and two leaders could serve reads.
Time lease_began(Time round_began, const std::function<Time()>&) {
  return round_began;
}

// The lease ends before the first follower's election timeout can, even on the fastest clock. It
// needs check-quorum and stickiness (keeps_its_leader) on all nodes: without them a candidate could
// be elected within the lease and commit writes that this server's reads miss.
bool lease_holds(Time since_round_began, Time lease) {
  return since_round_began < lease;
}

}  // namespace sunder::raft::rules
