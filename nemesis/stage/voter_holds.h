#pragma once
// Which nodes a fault holds out of the voters. Only one fault at a time holds any.
// A node with an emptied disk has forgotten its votes and what it acknowledged. So a disk is
// emptied only when every other node knows of the removal and has it on its own disk: then no node
// counts the emptied node's vote, and none can be elected by it without the entries that it lost.
// Where a removed node ends for good (Administrator::Outsider::ends) that is not necessary: its
// successor has an identity of its own, and no node takes it for the removed one.

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "nemesis/cluster_control.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/fault_kind.h"
#include "nemesis/stage/process_holds.h"
#include "nemesis/timekeeper.h"

namespace sunder::nemesis {

/// Empty if the order was carried out.
std::optional<Refusal> refusal_in(const Administrator::Answer& answer);

class VoterHolds {
 public:
  using Clock = std::chrono::steady_clock;

  /// The references must outlive this.
  VoterHolds(const Timekeeper& time, ClusterControl& cluster, ProcessHolds& processes,
             LinkRules& links)
      : time_(time), cluster_(cluster), processes_(processes), links_(links) {}

  /// What to take out, and how it comes back.
  struct Absence {
    int fault_id = 0;
    std::vector<NodeId> nodes;
    /// Kill the nodes, and start them again with empty disks.
    bool replaces = false;
    /// How many nodes one order adds.
    std::size_t added_at_once = 0;
  };

  /// One attempt. Another attempt for the same fault goes on where the last one ended. After a
  /// refusal the nodes may be out all the same. The system must have an administrator.
  boost::asio::awaitable<std::optional<Refusal>> take_out(Absence absence);

  /// Whether nodes are out of the voters, or may be, because of the fault.
  bool holds(int fault_id) const { return held_ && held_->fault_id == fault_id; }

  /// The fault because of which the node may exit by itself: the node is removed, or about to join.
  std::optional<int> reason_to_stop(NodeId node) const;

  /// One attempt to add the fault's next nodes; returns whether none is left.
  boost::asio::awaitable<bool> bring_back(int fault_id);

  /// If a fault has changed the voters: tries until every node is a voter again. Returns why that
  /// was not possible by the deadline.
  boost::asio::awaitable<std::optional<std::string>> restore(Clock::time_point deadline);

 private:
  boost::asio::awaitable<std::optional<Refusal>> remove(Absence absence);
  boost::asio::awaitable<bool> everyone_knows_of_removal(const std::vector<NodeId>& nodes);
  boost::asio::awaitable<Administrator::Answer> bring_next_in();
  boost::asio::awaitable<Administrator::Answer> start_newcomers(std::vector<NodeId> nodes);
  std::vector<NodeId> next_to_add() const;
  bool outsiders_end() const;
  void clear_away(const std::vector<NodeId>& nodes);

  const Timekeeper& time_;
  ClusterControl& cluster_;
  ProcessHolds& processes_;
  LinkRules& links_;
  // `nodes` are those that are still to be added.
  std::optional<Absence> held_;
  // Of the held nodes, those whose process and disk are gone: their places are ready.
  std::set<NodeId> cleared_;
  bool has_changed_voters_ = false;
};

}  // namespace sunder::nemesis
