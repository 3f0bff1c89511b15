#pragma once
// Plays a schedule against a cluster and writes every injection and every healing into the history.
// A fault that could not be injected is recorded too, as "skip-<kind>" with the reason, and never
// counted as injected. While a `leader` target has no leader the fault waits, up to its own
// duration, and then takes any one node, which the event says.
//
// Events: process nemesis, type info, f = kind or "heal-<kind>", value
//   {"id":3,"kind":"partition","shape":"halves","targets":["n1","n2"],"links":["n1->n3",...]}

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "checker/history/event.h"
#include "nemesis/cluster.h"
#include "nemesis/link_rules.h"
#include "nemesis/process_faults.h"
#include "nemesis/schedule.h"

namespace sunder::nemesis {

class Nemesis {
 public:
  /// Gets each event without index and time: the recorder fills them.
  using Record = std::function<void(history::Event)>;

  /// The references must outlive the nemesis.
  Nemesis(boost::asio::io_context& io, Cluster& cluster, LinkRules& links, Record record);
  Nemesis(const Nemesis&) = delete;

  /// Ends when the last fault is healed, or soon after stop(); then faults may still be active.
  /// Throws what the cluster throws (a node that cannot be started).
  boost::asio::awaitable<void> play(Schedule schedule);

  /// Makes play() return without injecting or healing anything more.
  void stop();

  /// Resumes, restarts and reopens everything that is broken. Idempotent.
  void heal_all();

  /// Of the faults now active, for the progress line: "kill n3", "partition bridge n2".
  std::vector<std::string> active() const;

  /// Kind -> how many were injected.
  const std::map<std::string, int>& injected() const { return injected_; }

  /// The faults injected so far with their real targets and times: a schedule that replays them.
  Schedule played() const { return {played_}; }

 private:
  using Clock = std::chrono::steady_clock;

  void inject_or_wait(Fault fault);
  void inject(Fault fault, std::string note);
  void heal(int fault_id);
  void write(std::string f, const Fault& fault, history::Object details);
  void plan(Clock::time_point when, std::function<void()> step);
  Duration since_start(Clock::time_point when) const;

  Cluster& cluster_;
  LinkRules& links_;
  Record record_;
  ProcessFaults processes_;
  boost::asio::steady_timer timer_;
  bool stopped_ = false;
  Clock::time_point start_;
  // What is still to be done, by time; steps of equal time in the order they were planned.
  std::multimap<Clock::time_point, std::function<void()>> agenda_;
  std::map<int, Fault> active_;
  std::map<std::string, int> injected_;
  std::vector<Fault> played_;
};

}  // namespace sunder::nemesis
