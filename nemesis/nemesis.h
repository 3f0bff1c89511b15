#pragma once
// Plays a schedule against a cluster and records every injection and every healing in the history.
// A fault that could not be injected is recorded as "skip-<kind>" with the reason and never counts
// as injected; so is an order that the system did not carry out. If no node fits the target (no
// leader), or other faults hold all targets down, the fault waits up to its own duration. Without a
// leader it then strikes any one node, and the event says so. An order to the system is repeated
// until the schedule ends.
//
// The events and their fields are in checker/history/run_event.h. What a kind of fault does is in
// nemesis/kinds/.

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "checker/history/run_event.h"
#include "nemesis/cluster_control.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/fault_kind.h"
#include "nemesis/schedule/observation.h"
#include "nemesis/schedule/schedule.h"
#include "nemesis/stage/process_holds.h"
#include "nemesis/stage/stage.h"
#include "nemesis/stage/voter_holds.h"
#include "nemesis/timekeeper.h"

namespace sunder::nemesis {

class Nemesis {
 public:
  using Record = std::function<void(const history::RunEvent&)>;

  /// The references must outlive the nemesis.
  Nemesis(boost::asio::io_context& io, ClusterControl& cluster, LinkRules& links, Record record);
  /// With another clock than the machine's.
  Nemesis(boost::asio::io_context& io, std::unique_ptr<Timekeeper> time, ClusterControl& cluster,
          LinkRules& links, Record record);
  Nemesis(const Nemesis&) = delete;

  /// Ends when the last fault is healed, or soon after stop(); then faults may still be active.
  /// Throws what the cluster throws (a node that cannot be started).
  boost::asio::awaitable<void> play(Schedule schedule);

  /// Reports what happened inside a node. A fault whose trigger fits strikes before this returns.
  void observe(const Observation& observation);

  /// A node's process exited by itself, in good order. False if no fault explains that; else the
  /// history says "stopped", and the node starts again when the fault heals.
  bool stopped_for_a_reason(NodeId node, const std::string& how);

  /// Makes play() return without injecting or healing anything more.
  void stop();

  /// Resumes, restarts and reopens everything that is broken. Idempotent.
  void heal_all();

  /// After heal_all: makes every node a voter again, if faults have changed who votes. Returns why
  /// it was not possible by the deadline.
  boost::asio::awaitable<std::optional<std::string>> restore_voters(
      std::chrono::steady_clock::time_point deadline);

  /// The active faults, for the progress line: "kill n3", "partition bridge n2".
  std::vector<std::string> active() const;

  /// Kind -> how many were injected.
  const std::map<std::string, int>& injected() const { return injected_; }

  /// The faults injected so far with their real times: a schedule that replays them. Targets stay
  /// as planned, and so do faults with a trigger.
  Schedule played() const { return {played_}; }

 private:
  using Clock = std::chrono::steady_clock;

  using Agenda = std::multimap<Clock::time_point, std::function<void()>>;
  struct Armed {
    Fault fault;
    TriggerWatch watch;
    Agenda::iterator expiry;
  };
  /// A fault that is due, and until when it may wait for its target.
  struct Strike {
    Fault planned;
    /// What fired the fault's trigger.
    std::optional<Observation> event;
    Clock::time_point deadline;
  };

  /// A strike that the administrator carries out.
  struct Order {
    Strike strike;
    Fault fault;
    std::optional<std::string> note;
    Clock::time_point given_at;
    std::uint64_t attempts = 0;
    std::int64_t taken = 0;
  };

  void arm(const Fault& fault);
  void strike_or_wait(const Strike& strike);
  bool may_try_again(const Strike& strike, const Refusal& refused) const;
  std::optional<Refusal> inject(const Strike& strike, std::vector<NodeId> nodes,
                                std::optional<std::string> note);
  /// Fills in the fault and when it was triggered.
  void took_effect(const Strike& strike, Fault fault, history::FaultInjected event);
  boost::asio::awaitable<void> administer(std::unique_ptr<Order> order);
  boost::asio::awaitable<std::optional<Refusal>> give(Order& order);
  void draw_another_target(Order& order) const;
  boost::asio::awaitable<void> bring_back_voters(int fault_id);
  /// play() waits for its end.
  void spawn(boost::asio::awaitable<void> orders);
  boost::asio::awaitable<void> pause_before_retry();
  void heal(int fault_id);
  void healed(int fault_id);
  void skip(const Fault& fault, std::string because);
  ClusterView view(const std::optional<Observation>& event) const;
  Agenda::iterator plan(Clock::time_point when, std::function<void()> step);
  Duration since_start(Clock::time_point when) const;

  boost::asio::io_context& io_;
  std::unique_ptr<Timekeeper> time_;
  ClusterControl& cluster_;
  LinkRules& links_;
  Record record_;
  ProcessHolds processes_;
  VoterHolds voters_;
  std::unique_ptr<Alarm> alarm_;
  bool stopped_ = false;
  Clock::time_point start_;
  // Steps to come, by time; steps of equal time in the order in which they were planned.
  Agenda agenda_;
  bool waiting_ = false;
  // How many orders run now, and what the first one that failed threw.
  int under_way_ = 0;
  std::exception_ptr failure_;
  std::list<Armed> armed_;
  NodeStates states_;
  std::uint64_t newest_term_ = 0;
  std::map<int, Fault> active_;
  Stage stage_;
  std::map<std::string, int> injected_;
  std::vector<Fault> played_;
};

}  // namespace sunder::nemesis
