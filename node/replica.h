#pragma once
// One node without its sockets and files: the Raft core, the state machine, and the function that
// performs the core's output in the safe order (raft/output.h). Several inputs may precede one
// perform(), which then needs one sync for all of them (group commit).

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "node/administration.h"
#include "node/api/client_protocol.h"
#include "node/disk/storage.h"
#include "node/raft/raft.h"
#include "node/store/proposals.h"
#include "node/store/state_machine.h"
#include "node/trace_sink.h"

namespace sunder {

/// Sends messages to the other nodes. It may lose, delay, duplicate or reorder them.
class Network {
 public:
  Network() = default;
  virtual ~Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  virtual void send(const raft::Message& message) = 0;
};

struct ReplicaOptions {
  raft::Options raft;
  /// Entries between two snapshots; 0: never.
  std::uint64_t snapshot_every = 0;
  /// The client address of each node, for the hint in `not_leader`.
  std::map<NodeId, std::string> client_addresses;
};

class Replica {
 public:
  /// What a replica uses. Must outlive it.
  struct Ground {
    Storage& storage;
    Network& network;
    Clients& clients;
    Proposals& proposals;
    StateMachine& state_machine;
    TraceSink& trace;
  };

  Replica(ReplicaOptions options, raft::Rules rules, const raft::Restored& restored, Ground ground,
          raft::Time now);

  void receive(raft::Time now, const raft::Message& message) { raft_.step(now, message); }
  void submit(raft::Time now, Clients::Connection connection,
              const client_protocol::Request& request);
  void administer(Clients::Connection connection, const admin_protocol::Request& request) {
    administration_.begin(connection, request, leader_address());
  }
  void tick(raft::Time now) { raft_.tick(now); }
  /// Does the work that the inputs since the last call require. Throws if the storage fails; the
  /// replica must not be used after that, because it may have promised what the disk does not have.
  void perform();

  raft::Time next_deadline() const { return raft_.next_deadline(); }
  const raft::Raft& raft() const { return raft_; }
  const StateMachine& state_machine() const { return ground_.state_machine; }

 private:
  struct WaitingRead {
    Clients::Connection connection;
    client_protocol::Request request;
  };

  void perform(const raft::Output& output);
  void write_trace(const raft::Output& output);
  void persist(const raft::Output& output);
  void apply(const raft::Output& output);
  void install(const raft::Snapshot& snapshot);
  void apply(std::span<const raft::EntryPtr> entries, StateMachine::Replies& replies);
  void record_state();
  void answer_reads(const raft::Output& output);
  void begin_snapshot_if_due(raft::LogPosition applied);
  void compact_if_written();
  void refuse(Clients::Connection connection, std::uint64_t request);
  std::optional<std::string> leader_address() const;

  ReplicaOptions options_;
  raft::Raft raft_;
  Ground ground_;
  Administration administration_;
  /// The last entry of the latest snapshot, which is written or being written.
  Index snapshot_at_;
  bool is_writing_snapshot_ = false;
  /// The last entry that the state machine has applied.
  Index applied_;
  raft::ReadId next_read_ = 0;
  std::map<raft::ReadId, WaitingRead> reads_;
};

}  // namespace sunder
