#pragma once
// The phases of a run, real or simulated: start, play, heal, final reads, catch up, stop, inspect.
// Invariant: whatever fails, the nodes are healed if the workers had begun, and then stopped.
// Surprise: nothing polls. Whoever changes what a phase waits for calls one of the functions here:
// node_crashed(), observe(), changed(), end_play().

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "harness/run/catching_up.h"
#include "harness/run/condition.h"
#include "harness/run/worker.h"
#include "nemesis/nemesis.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness {

enum class Phase { start, play, heal, final_reads, catch_up, stop, inspect };

/// For the progress line. Empty while clients and nemesis are at work.
std::string_view name_of(Phase phase);

/// How the phases act on the nodes, real or simulated.
class PhaseActions {
 public:
  struct Leader {
    NodeId node;
    std::uint64_t term = 0;
  };

  virtual ~PhaseActions() = default;

  virtual void start_nodes() = 0;
  /// Clients may begin, after set_up().
  virtual bool are_nodes_ready() const = 0;
  /// How long the nodes may take until they are ready.
  virtual std::chrono::nanoseconds startup_patience() const { return std::chrono::seconds(30); }
  /// Called once, when the nodes are ready.
  virtual boost::asio::awaitable<void> set_up() { co_return; }
  /// The file or folder that tells a user why the nodes are not ready.
  virtual std::filesystem::path log() const = 0;
  /// As far as known from outside.
  virtual std::optional<Leader> leader() const = 0;
  /// False while a user inspects the nodes as the faults left them.
  virtual bool may_heal() const { return true; }
  /// Called at the begin of each phase.
  virtual void on_phase(Phase /*phase*/) {}
  /// The clients are gone when this is called.
  virtual boost::asio::awaitable<void> stop_nodes() = 0;
  /// Reads what the stopped nodes left on their disks. Not called if the run failed.
  virtual boost::asio::awaitable<void> inspect() = 0;
};

class Phases {
 public:
  /// The references must outlive it.
  Phases(boost::asio::io_context& io, WorkerContext workers, const nemesis::Schedule& schedule,
         nemesis::Nemesis& nemesis, PhaseActions& actions);
  Phases(const Phases&) = delete;
  Phases& operator=(const Phases&) = delete;

  /// Begins the run. `on_end` is called after the last phase. What a worker or the nemesis throws
  /// comes out of the io_context; its caller passes it to fail(), or gives up.
  void begin(std::function<void()> on_end);

  /// Ends the play before its time limit. Idempotent.
  void end_play();
  bool is_play_over() const { return is_play_over_; }

  /// Ends the play. The nodes are healed and stopped all the same. The first failure is kept.
  void fail(std::exception_ptr failure);
  std::exception_ptr failure() const { return failure_; }

  /// A node ended by itself: if the nodes were not ready yet, they will not become so. `said` names
  /// it and its last words.
  void node_crashed(const std::string& said);
  /// How far a node has committed.
  void observe(const nemesis::Observation& observation);
  /// What are_nodes_ready() or may_heal() return may have changed.
  void changed() { condition_.changed(); }

  Phase phase() const { return phase_; }
  /// Since the begin of the play.
  std::chrono::nanoseconds elapsed() const;

 private:
  void enter(Phase phase);
  void spawn(boost::asio::awaitable<void> part, std::function<void()> on_end);
  boost::asio::awaitable<void> conduct();
  boost::asio::awaitable<void> ready();
  boost::asio::awaitable<void> play();
  boost::asio::awaitable<void> make_first_calls();
  boost::asio::awaitable<void> heal();
  boost::asio::awaitable<void> end_workers();
  boost::asio::awaitable<void> recover();

  boost::asio::io_context& io_;
  WorkerContext context_;
  const nemesis::Schedule& schedule_;
  nemesis::Nemesis& nemesis_;
  PhaseActions& actions_;
  Condition condition_;
  CatchingUp catching_up_;
  Phase phase_ = Phase::start;
  std::optional<Condition::Clock::time_point> play_began_;
  std::vector<std::unique_ptr<WorkerLoop>> workers_;
  int running_workers_ = 0;
  bool is_nemesis_playing_ = false;
  bool is_play_over_ = false;
  /// What the first node said that ended by itself; empty if none did.
  std::string last_words_;
  std::exception_ptr failure_;
};

}  // namespace sunder::harness
