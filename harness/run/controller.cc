#include "harness/run/controller.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/systems.h"
#include "harness/process/log_tail.h"
#include "harness/run/deployment.h"
#include "harness/run/environment.h"
#include "harness/run/interruption.h"
#include "harness/run/phases.h"
#include "harness/run/progress_refresh.h"
#include "harness/run/run_clock.h"
#include "harness/run/run_reports.h"
#include "harness/run/space_watch.h"
#include "harness/run/stall_watch.h"
#include "harness/run/violation_watch.h"
#include "harness/workload_choice.h"
#include "nemesis/kinds/power_loss.h"
#include "nemesis/nemesis.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

constexpr auto patience_after_the_end = std::chrono::seconds(5);

// How sunder's own node says that its flags are wrong.
constexpr std::string_view refusal = "exit status 254";

class Controller final : private PhaseActions {
 public:
  Controller(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
             Watchdog& watchdog, ProgressLine& progress)
      : plan_(plan),
        schedule_(schedule),
        store_(store),
        progress_(progress),
        violation_watch_(plan, [this](const std::string& message) { on_violation(message); }),
        reports_(store, clock_, progress,
                 [this](const history::Event& event) { violation_watch_.observe(event); }),
        deployment_(
            {io_, plan, schedule, store, watchdog, clock_, reports_},
            {[this](auto node, const auto& how) { on_crash(node, how); },
             [this](const auto& seen) { on_observation(seen); }, [this] { phases_.changed(); }}),
        generator_(generator_of(plan)),
        nemesis_(io_, deployment_.nodes(), deployment_.links(),
                 [this](const history::RunEvent& event) { reports_.history().record(event); }),
        phases_(io_, worker_context(), schedule, nemesis_, *this),
        interruption_(io_, [this] { on_interrupt(); }),
        stall_watch_(
            io_, [this](auto took) { reports_.on_stall(took); },
            [this] { return waits_of(deployment_.nodes().processes()); }),
        space_watch_(io_, store.folder()),
        progress_refresh_(io_, progress, [this] { return snapshot(); }) {}

  void run() {
    phases_.begin([this] { on_end(); });
    // What a handler throws (a full disk, a malformed trace) ends the play, but no phase after it.
    for (bool is_over = false; !is_over;) {
      try {
        if (!has_ended_) io_.run();
        // What was told to end does so at once. Nobody waits for ever for what does not.
        io_.restart();
        io_.run_for(patience_after_the_end);
        is_over = true;
      } catch (const StoppedAtOnce&) {
        throw;
      } catch (...) {
        fail(std::current_exception());
      }
    }
    if (phases_.failure()) std::rethrow_exception(phases_.failure());
  }

 private:
  void start_nodes() override {
    deployment_.start();
    const auto rethrow = [](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
    };
    asio::co_spawn(io_, stall_watch_.watch(), rethrow);
    asio::co_spawn(io_, space_watch_.watch(), rethrow);
  }
  bool are_nodes_ready() const override { return deployment_.is_ready(); }
  std::chrono::nanoseconds startup_patience() const override {
    return deployment_.driver().startup_patience();
  }
  asio::awaitable<void> set_up() override { co_await deployment_.set_up(); }
  std::filesystem::path log() const override { return store_.folder() / "log"; }
  std::optional<Leader> leader() const override {
    const auto& nodes = deployment_.nodes();
    const auto leader = nodes.leader();
    return leader ? std::optional(Leader{*leader, nodes.term()}) : std::nullopt;
  }
  bool may_heal() const override { return !is_frozen_ || interruption_.has_come(); }
  void on_phase(Phase phase) override {
    if (phase == Phase::play) write_back_if_names_are_kept();
    if (phase == Phase::heal && std::exchange(is_frozen_, false)) deployment_.thaw();
  }
  void write_back_if_names_are_kept() {
    if (!nemesis::keeps_names(schedule_)) return;
    for (const NodeId node : nemesis::all_nodes(plan_.nodes)) {
      deployment_.nodes().order_disk(node, "write-back");
    }
  }
  asio::awaitable<void> stop_nodes() override {
    stall_watch_.stop();
    space_watch_.stop();
    co_await deployment_.stop();
  }
  asio::awaitable<void> inspect() override { co_await deployment_.inspect(); }

  // Nothing that waits may keep the io_context running.
  void on_end() {
    has_ended_ = true;
    io_.stop();
    progress_refresh_.stop();
    deployment_.close();
    interruption_.stop_waiting();
    store_.write_schedule(nemesis::to_json(nemesis_.played()).dump(2) + "\n");
  }

  void on_interrupt() {
    progress_.say("stopping: healing, then judging what was recorded (again: stop at once)");
    note_early_end();
    phases_.end_play();
  }

  /// Whoever reads the run's folder later must not take it for a whole run.
  void note_early_end() {
    if (phases_.is_play_over()) return;
    Plan stopped = plan_;
    stopped.stopped_after = std::min<Duration>(
        std::chrono::floor<std::chrono::milliseconds>(phases_.elapsed()), plan_.time_limit);
    store_.write_plan(to_json(stopped).dump(2) + "\n");
  }

  void fail(const std::exception_ptr& failure) {
    try {
      note_early_end();
    } catch (const std::exception&) {
      // The disk may be what failed. The first failure is the one to report.
    }
    phases_.fail(failure);
  }

  void on_violation(const std::string& message) {
    progress_.say(message);
    if (plan_.keep_running && !phases_.is_play_over()) {
      is_frozen_ = true;
      progress_.say(fmt::format("the nodes are frozen: {}; their data is in {}; Ctrl-C goes on",
                                deployment_.freeze(), (store_.folder() / "data").string()));
    }
    note_early_end();
    phases_.end_play();
  }

  void on_crash(NodeId node, const std::string& how) {
    // A node that a signal ended did not stop for a reason of its own.
    if (phases_.phase() == Phase::start && how == refusal && find_system(plan_.system).traces) {
      return fail(std::make_exception_ptr(std::invalid_argument(fmt::format(
          "{} refuses its flags: {}", name_of(node), log_tail(store_.log_path(name_of(node)))))));
    }
    if (how.starts_with("exit status") && nemesis_.stopped_for_a_reason(node, how)) return;
    // A node writes into the run's folder, too.
    constexpr std::uintmax_t enough_for_a_node = 32 << 20;
    if (const auto lack = lack_of_space(store_.folder(), enough_for_a_node)) {
      return fail(std::make_exception_ptr(
          std::runtime_error(fmt::format("{} ended ({}); {}", name_of(node), how, *lack))));
    }
    const auto last = log_tail(store_.log_path(name_of(node)), 3);
    phases_.node_crashed(fmt::format("{} ended while it started: {}; the last lines of its log: {}",
                                     name_of(node), how, last.empty() ? "none" : last));
    reports_.on_crash(node, how);
  }

  void on_observation(const nemesis::Observation& seen) {
    phases_.observe(seen);
    nemesis_.observe(seen);
  }

  WorkerContext worker_context() {
    return {time_, plan_,
            [this](NodeId node, history::ProcessId process) {
              return deployment_.driver().make_client(io_, node, process);
            },
            *generator_, reports_.history()};
  }

  RunProgress snapshot() {
    const auto leader = this->leader();
    return {phases_.elapsed(),
            plan_.time_limit,
            reports_.history().counts(),
            leader ? name_of(leader->node) : std::string(),
            deployment_.nodes().term(),
            nemesis_.active(),
            std::string(is_frozen_ ? "frozen" : name_of(phases_.phase()))};
  }

  const Plan& plan_;
  const nemesis::Schedule& schedule_;
  const results::RunStore& store_;
  ProgressLine& progress_;
  asio::io_context io_{1};
  nemesis::MachineTime time_{io_};
  RunClock clock_;
  ViolationWatch violation_watch_;
  RunReports reports_;
  Deployment deployment_;
  std::unique_ptr<workloads::Generator> generator_;
  nemesis::Nemesis nemesis_;
  Phases phases_;
  Interruption interruption_;
  StallWatch stall_watch_;
  SpaceWatch space_watch_;
  ProgressRefresh progress_refresh_;
  bool is_frozen_ = false;
  bool has_ended_ = false;
};

}  // namespace

void run_test(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
              Watchdog& watchdog, ProgressLine& progress) {
  Controller(plan, schedule, store, watchdog, progress).run();
}

}  // namespace sunder::harness
