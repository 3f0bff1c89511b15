#pragma once
// Faults that an administrator brings about: leadership is transferred, nodes are taken out of the
// voters and added again. Only one fault at a time keeps nodes out.
// A node with an emptied disk has forgotten its votes and what it acknowledged. So a disk is
// emptied only when every other node knows of the removal, on its own disk: nobody is left who
// would count that node's vote or whom it could elect without the entries it has lost. Where
// newcomers have an identity of their own that is not needed: nobody counts them as who they were.

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "nemesis/cluster_control.h"
#include "nemesis/kinds/inject.h"
#include "nemesis/kinds/process_faults.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/timekeeper.h"

namespace sunder::nemesis {

/// Whether the fault is one of these.
bool is_administrative(const Fault& fault);

class AdministrativeFaults {
 public:
  using Clock = std::chrono::steady_clock;

  /// The references must outlive this.
  AdministrativeFaults(const Timekeeper& time, ClusterControl& cluster, ProcessFaults& processes,
                       LinkRules& links)
      : time_(time), cluster_(cluster), processes_(processes), links_(links) {}

  /// One attempt; another one for the same fault goes on where the last one ended. The target must
  /// be node numbers. A fault that is refused may hold its targets out all the same.
  boost::asio::awaitable<std::optional<Refusal>> inject(Fault fault);

  /// The fault's targets are out of the voters, or may be.
  bool holds(int fault_id) const { return held_ && held_->fault_id == fault_id; }

  /// The fault that explains that the node ended by itself: it is out and ends there, or is about
  /// to come in again.
  std::optional<int> reason_to_stop(NodeNumber node) const;

  /// One attempt to add them again, or the next of them; returns whether none is left.
  boost::asio::awaitable<bool> heal(int fault_id);

  /// If any fault has changed the voters: attempts until every node is one again. Returns why it
  /// was not possible by the deadline.
  boost::asio::awaitable<std::optional<std::string>> restore(Clock::time_point deadline);

 private:
  struct Held {
    int fault_id;
    std::vector<NodeNumber> nodes;
    MembershipChange change;
    /// Whose place is ready for a newcomer.
    std::set<NodeNumber> cleared = {};
  };

  boost::asio::awaitable<std::optional<Refusal>> transfer(NodeNumber heir);
  boost::asio::awaitable<std::optional<Refusal>> remove(const Fault& fault);
  boost::asio::awaitable<bool> everyone_knows_of_removal(const std::vector<NodeNumber>& nodes);
  boost::asio::awaitable<Administrator::Answer> bring_next_in();
  boost::asio::awaitable<Administrator::Answer> start_newcomers(std::vector<NodeNumber> nodes);
  std::vector<NodeNumber> next_to_add() const;
  bool outsiders_end() const;
  void clear_away(const std::vector<NodeNumber>& nodes);

  const Timekeeper& time_;
  ClusterControl& cluster_;
  ProcessFaults& processes_;
  LinkRules& links_;
  std::optional<Held> held_;
  bool has_changed_voters_ = false;
};

}  // namespace sunder::nemesis
