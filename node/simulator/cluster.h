#pragma once
// A cluster of Replicas in virtual time, with their disks and clocks. Disks survive replicas. The
// network is the user's: messages go to `on_send`, and whatever arrives is given to `deliver`.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/parts.h"
#include "node/replica.h"
#include "node/simulator/dice.h"
#include "node/simulator/event_queue.h"
#include "node/simulator/memory_disk.h"

namespace sunder::simulator {

class Cluster {
 public:
  using OnAnswer = std::function<void(Clients::Connection, const client_protocol::Reply&)>;

  /// The voters that `options` names, or all nodes if it names none.
  Cluster(EventQueue& events, Dice& dice, const ReplicaOptions& options, int nodes,
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
  /// Called with every event of every node.
  OnEvent on_event = [](NodeId, Term, const trace::Event&) {};
  /// Called when a node is down.
  std::function<void(NodeId)> on_end = [](NodeId) {};
  /// Called with every message that a node sends.
  std::function<void(const raft::Message&)> on_send = [](const raft::Message&) {};
  void deliver(const raft::Message& message);
  /// The clock it goes by, from now on; one that starts later begins with it.
  void set_clock(NodeId node, const admin_protocol::ClockSetting& setting);
  void pause(NodeId node);
  void resume(NodeId node);

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
  void end(NodeId node);
  /// As its clock shows it.
  raft::Time time_at(NodeId node);

  EventQueue& events_;
  Dice& dice_;
  ReplicaOptions options_;
  MakeParts make_parts_;
  OnAnswer on_answer_;
  std::vector<NodeId> nodes_;
  std::map<NodeId, std::unique_ptr<Node>> state_;
  std::optional<NodeId> at_work_;
};

}  // namespace sunder::simulator
