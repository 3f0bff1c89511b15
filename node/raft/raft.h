#pragma once
// One Raft server (Ongaro & Ousterhout 2014, and Ongaro's thesis) as a pure state machine. Inputs
// are messages, ticks, proposals and reads. take_output() returns the work to do, in order.
//
//   raft.step(now, message); raft.propose(command); ...
//   for (auto out = raft.take_output(); !is_empty(out); out = raft.take_output()) {
//     perform(out);        // see output.h
//     raft.persisted();    // all of it is durable
//   }
//
// It reads no clock, does no I/O and seeds its randomness from Options: the same inputs give the
// same outputs. The safety decisions are in rules.h. The private part below lists the functions of
// each .cc file.

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/raft/configuration.h"
#include "node/raft/log.h"
#include "node/raft/message.h"
#include "node/raft/output.h"
#include "node/raft/progress.h"
#include "node/raft/restored.h"
#include "node/raft/rules.h"
#include "node/raft/snapshot.h"
#include "node/raft/types.h"

namespace sunder::raft {

struct Options {
  NodeId id;
  /// The configuration until the log or a snapshot contains one.
  Configuration initial;
  /// T: a server becomes (pre-)candidate after T to 2T without a message of a leader. A leader
  /// sends heartbeats every T/5.
  Time election_timeout = std::chrono::milliseconds(150);
  /// Seed of the election timeouts.
  std::uint64_t seed = 0;
  bool pre_vote = true;
  bool check_quorum = true;
  /// Answer reads without a round while no other leader can exist (thesis 6.4.1). All nodes need
  /// this option, check_quorum, and clocks whose rates differ by less than a tenth.
  bool lease = false;
  std::size_t max_append_bytes = std::size_t{256} << 10;
  /// AppendEntries sent to one follower and not acknowledged.
  std::size_t max_in_flight = 64;
  std::size_t snapshot_piece_bytes = std::size_t{256} << 10;
};

class Raft {
 public:
  Raft(Options options, Rules rules, const Restored& restored, Time now);

  void step(Time now, const Message& message);
  void tick(Time now);
  /// The command's position in the log if it is committed. Absent if this server is not the leader.
  std::optional<LogPosition> propose(std::string command);
  /// The id is returned in Output::reads or Output::refused_reads. False: this is not the leader.
  bool read(Time now, ReadId id);
  /// Replaces the log up to the snapshot's last entry, which was applied. The last `kept_entries`
  /// stay, so that a follower that is a little behind needs no snapshot.
  void compact(SnapshotPtr snapshot, std::uint64_t kept_entries);

  /// Makes these nodes the voters (§6, thesis 4.3). New servers catch up as learners first; then a
  /// joint configuration needs both majorities; then the new voters decide alone. Returns why the
  /// change cannot begin, or nothing.
  std::optional<std::string_view> change_voters(std::set<NodeId> voters);
  bool is_changing_voters() const { return target_voters_ || configuration().is_joint(); }
  /// Commands are refused until the target leads or T has passed. Returns why the transfer cannot
  /// begin, or nothing.
  std::optional<std::string_view> transfer_leadership(NodeId target);
  bool is_transferring() const { return transfer_.has_value(); }

  Output take_output();
  /// Tells the core that the latest output is durable.
  void persisted();

  /// When to call tick() next.
  Time next_deadline() const;

  NodeId id() const { return options_.id; }
  Role role() const { return role_; }
  Term term() const { return hard_state_.term; }
  std::optional<NodeId> leader() const { return leader_; }
  Index commit_index() const { return commit_index_; }
  const Log& log() const { return log_; }
  const Configuration& configuration() const { return configurations_.rbegin()->second; }
  /// The log index of the latest configuration. It is in force as soon as it is in the log,
  /// committed or not (thesis 4.1).
  Index configuration_index() const { return configurations_.rbegin()->first; }
  /// The configuration in force at `index`, and its own log index.
  std::pair<Index, Configuration> configuration_at(Index index) const;

 private:
  struct PendingRead {
    ReadId id;
    std::uint64_t round;
  };
  struct Transfer {
    NodeId target;
    Time deadline;
  };
  struct IncomingSnapshot {
    LogPosition last;
    std::string data;
  };

  // raft.cc
  void take_time(Time now);
  void set_back(Time span);
  void become_follower(std::optional<NodeId> leader);
  void refuse_stale(const Message& message);
  void emit(trace::Event event);
  void send(NodeId to, Body body) { send(to, std::move(body), hard_state_.term); }
  void send(NodeId to, Body body, Term term);
  void reset_election_timer();
  void append_to_log(EntryPtr entry);
  void truncate_log(Index first);
  void set_commit_index(Index index);
  void drop_reads();

  // election.cc
  bool ignores_candidate(const Message& message) const;
  void start_election(bool leadership_transfer);
  void become_pre_candidate();
  void become_candidate(bool leadership_transfer);
  void become_leader();
  void ask_voters(const Body& question);
  void on(const Message& message, const RequestVote& request);
  void on(const Message& message, const VoteReply& reply);
  void on(const Message& message, const PreVote& request);
  void on(const Message& message, const PreVoteReply& reply);
  void on(const Message& message, const TimeoutNow& request);

  // replication.cc
  void follow(NodeId leader);
  void on(const Message& message, const AppendEntries& request);
  void on(const Message& message, const AppendReply& reply);
  void accept_entries(const std::vector<EntryPtr>& entries);
  void heartbeat();
  void replicate();
  void send_entries(NodeId node, Progress& progress);
  void send_append(NodeId node, const Progress& progress, std::vector<EntryPtr> entries);
  void advance_commit_index();
  void begin_round();
  void begin_reads();
  void confirm_reads();
  std::uint64_t quorum_round() const;
  Time quorum_heard() const;
  bool has_lease() const;

  // install_snapshot.cc
  void send_snapshot(NodeId node, Progress& progress);
  void on(const Message& message, const InstallSnapshot& request);
  void on(const Message& message, const SnapshotReply& reply);
  void install(const InstallSnapshot& request);

  // membership.cc
  void advance_membership();
  void append_configuration(const Configuration& configuration);
  void update_progress();
  void leave_if_removed();
  void advance_transfer();
  void forget_configurations_before(Index edge);

  Options options_;
  Rules rules_;
  std::mt19937_64 random_;
  Time now_;

  HardState hard_state_;
  Log log_;
  SnapshotPtr snapshot_;
  /// The configurations in the log and the one in force at its edge, by log index. All are kept,
  /// because truncation brings an earlier one back into force.
  std::map<Index, Configuration> configurations_;

  Role role_ = Role::follower;
  std::optional<NodeId> leader_;
  Index commit_index_;
  Time election_deadline_{0};
  /// When the last message of a leader arrived (rules::keeps_its_leader).
  std::optional<Time> leader_heard_;
  Time started_at_;
  std::optional<IncomingSnapshot> incoming_;

  // Of a candidate: the senders of granted votes; a duplicated reply adds its sender twice.
  std::vector<NodeId> votes_;

  // Of a leader.
  std::map<NodeId, Progress> progress_;
  Time heartbeat_due_{0};
  /// Every follower must get a message, with or without entries: a heartbeat or a new round.
  bool broadcast_due_ = false;
  std::uint64_t round_ = 0;
  /// Start of each round that the lease can depend on.
  std::map<std::uint64_t, Time> round_begun_;
  /// Voters do not ignore the candidacy of a transfer, so the leader has no lease in this term.
  bool lease_given_up_ = false;
  std::vector<ReadId> new_reads_;
  std::deque<PendingRead> pending_reads_;
  /// The new voters of a change until the joint configuration is in the log.
  std::optional<std::set<NodeId>> target_voters_;
  std::optional<Transfer> transfer_;

  // Handed to the shell, in this output or an earlier one.
  Output output_;
  HardState handed_hard_state_;
  Index handed_log_;
  Index handed_commits_;
};

}  // namespace sunder::raft
