#pragma once
// Plays a schedule against a cluster and writes every injection and every healing into the history.
// A fault that could not be injected is recorded too, as "skip-<kind>" with the reason, and never
// counted as injected; so is an order that the system did not carry out. While nobody fits the
// target (no leader), or other faults hold all of it down, the fault waits, up to its own duration;
// without a leader it then takes any one node, which the event says. An order to the system is
// tried again until the schedule ends.
//
// The events and their fields are in checker/history/run_event.h.

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
#include "nemesis/kinds/administrative_faults.h"
#include "nemesis/kinds/clock_faults.h"
#include "nemesis/kinds/disk_faults.h"
#include "nemesis/kinds/inject.h"
#include "nemesis/kinds/process_faults.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/schedule/observation.h"
#include "nemesis/schedule/schedule.h"
#include "nemesis/timekeeper.h"

namespace sunder::nemesis {

class Nemesis {
 public:
  using Record = std::function<void(const history::RunEvent&)>;

  /// The references must outlive the nemesis.
  Nemesis(boost::asio::io_context& io, ClusterControl& cluster, LinkRules& links, Record record);
  /// The same in another time than the machine's.
  Nemesis(boost::asio::io_context& io, std::unique_ptr<Timekeeper> time, ClusterControl& cluster,
          LinkRules& links, Record record);
  Nemesis(const Nemesis&) = delete;

  /// Ends when the last fault is healed, or soon after stop(); then faults may still be active.
  /// Throws what the cluster throws (a node that cannot be started).
  boost::asio::awaitable<void> play(Schedule schedule);

  /// Tells what happened inside a node. A fault that waited for it strikes before this returns.
  void observe(const Observation& observation);

  /// A node ended by itself, in good order. False if it had no reason to; else the history says
  /// "stopped", and the fault that was the reason starts it again.
  bool stopped_for_a_reason(NodeNumber node, const std::string& how);

  /// Makes play() return without injecting or healing anything more.
  void stop();

  /// Resumes, restarts and reopens everything that is broken. Idempotent.
  void heal_all();

  /// After heal_all: makes every node a voter again, if faults have changed who votes. Returns why
  /// it was not possible by the deadline.
  boost::asio::awaitable<std::optional<std::string>> restore_voters(
      std::chrono::steady_clock::time_point deadline);

  /// Of the faults now active, for the progress line: "kill n3", "partition bridge n2".
  std::vector<std::string> active() const;

  /// Kind -> how many were injected.
  const std::map<std::string, int>& injected() const { return injected_; }

  /// The faults injected so far with their real targets and times: a schedule that replays them.
  /// Those with a trigger stay as they were planned, for the trigger is their time.
  Schedule played() const { return {played_}; }

 private:
  using Clock = std::chrono::steady_clock;

  using Agenda = std::multimap<Clock::time_point, std::function<void()>>;
  struct Armed {
    Fault fault;
    TriggerWatch watch;
    Agenda::iterator expiry;
  };
  /// A fault whose time has come, and until when it may wait for its target.
  struct Strike {
    Fault planned;
    /// Of a fault with a trigger.
    std::optional<Observation> event;
    Clock::time_point deadline;
  };

  /// A strike that the administrator brings about, with its targets.
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
  std::optional<Refusal> inject(const Strike& strike, std::vector<NodeNumber> nodes,
                                std::optional<std::string> note);
  /// Fills in the fault and when it was triggered.
  void took_effect(const Strike& strike, Fault fault, history::FaultInjected event);
  boost::asio::awaitable<void> administer(std::unique_ptr<Order> order);
  boost::asio::awaitable<std::optional<Refusal>> give(Order& order);
  void draw_another_heir(Order& order) const;
  boost::asio::awaitable<void> add_voters_of(int fault_id);
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
  ProcessFaults processes_;
  DiskFaults disks_;
  ClockFaults clocks_;
  AdministrativeFaults administration_;
  std::unique_ptr<Alarm> alarm_;
  bool stopped_ = false;
  Clock::time_point start_;
  // What is still to be done, by time; steps of equal time in the order they were planned.
  Agenda agenda_;
  bool waiting_ = false;
  // Conversations with the administrator, and what the first one that failed threw.
  int under_way_ = 0;
  std::exception_ptr failure_;
  std::list<Armed> armed_;
  NodeStates states_;
  std::uint64_t newest_term_ = 0;
  std::map<int, Fault> active_;
  std::map<std::string, int> injected_;
  std::vector<Fault> played_;
};

}  // namespace sunder::nemesis
