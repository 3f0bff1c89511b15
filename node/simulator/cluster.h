#pragma once
// A cluster of Replicas in virtual time: their disks, which survive them, and the network between
// them, which can be made as bad as one likes.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/parts.h"
#include "node/replica.h"
#include "node/simulator/dice.h"
#include "node/simulator/event_queue.h"
#include "node/simulator/memory_disk.h"
#include "node/simulator/safety.h"

namespace sunder::simulator {

struct Weather {
  /// Of a message from one node to another.
  raft::Time least_delay = std::chrono::microseconds(100);
  raft::Time most_delay = std::chrono::microseconds(900);
  std::uint64_t loss_percent = 0;
  std::uint64_t duplicate_percent = 0;
  /// Of messages that come late, behind younger ones.
  std::uint64_t delay_percent = 0;
  raft::Time most_late = std::chrono::milliseconds(300);
  /// Of requests for votes that come as late: candidates of one term meet voters at different
  /// times.
  std::uint64_t vote_delay_percent = 0;
};

class Cluster {
 public:
  using OnAnswer = std::function<void(Clients::Connection, const client_protocol::Reply&)>;

  /// The voters that `options` names, or all nodes if it names none.
  Cluster(EventQueue& events, Dice& dice, Safety& safety, const ReplicaOptions& options, int nodes,
          MakeParts make_parts, OnAnswer on_answer);
  ~Cluster();

  const std::vector<NodeId>& nodes() const { return nodes_; }
  bool is_up(NodeId node) const;
  bool is_paused(NodeId node) const;
  std::optional<NodeId> leader() const;
  const Replica& replica(NodeId node) const;

  void start(NodeId node);
  /// The machine of the node goes down: what was not synced is lost.
  void crash(NodeId node);
  /// Only its process dies. One that is at work dies before its next sync or message.
  void kill(NodeId node);
  /// The same somewhere inside one of its next steps.
  void kill_in_a_step(NodeId node);
  /// Of a node that is down.
  MemoryDisk& disk(NodeId node);
  /// Of a node that is down: it starts again with nothing, and counts itself among nobody.
  void replace_disk(NodeId node);
  /// Somewhere inside one of its next steps, between two of its syncs and sends.
  void crash_in_a_step(NodeId node);
  using OnEvent = std::function<void(NodeId, Term, const trace::Event&)>;
  /// Hears every event of every node.
  OnEvent on_event;
  /// Hears that a node is down.
  std::function<void(NodeId)> on_end;
  /// Carries messages in the place of the weather, and calls `deliver`.
  std::function<void(const raft::Message&)> on_send;
  void deliver(const raft::Message& message);
  /// The clock it goes by, from now on; one that starts later begins with it.
  void set_clock(NodeId node, const admin_protocol::ClockSetting& setting);
  void pause(NodeId node);
  void resume(NodeId node);

  /// From the first to the second only.
  void cut(NodeId from, NodeId to) { cuts_.emplace(from, to); }
  void heal_links() { cuts_.clear(); }
  Weather weather;

  /// A client's request; it may be lost if the node is down.
  void submit(NodeId node, Clients::Connection connection, const client_protocol::Request& request);
  void administer(NodeId node, const admin_protocol::Request& request,
                  Clients::Connection connection = 0);
  /// Whose step it is that goes on now.
  std::optional<NodeId> at_work() const { return at_work_; }

 private:
  class Life;
  struct Node;

  Node& at(NodeId node);
  void give(NodeId node, std::function<void(Replica&)> input);
  void perform(NodeId node);
  void arm_timer(NodeId node);
  void route(const raft::Message& message);
  void end(NodeId node);
  /// As its clock shows it.
  raft::Time time_at(NodeId node);

  EventQueue& events_;
  Dice& dice_;
  Safety& safety_;
  ReplicaOptions options_;
  MakeParts make_parts_;
  OnAnswer on_answer_;
  std::vector<NodeId> nodes_;
  std::map<NodeId, std::unique_ptr<Node>> state_;
  std::set<std::pair<NodeId, NodeId>> cuts_;
  std::optional<NodeId> at_work_;
};

}  // namespace sunder::simulator
