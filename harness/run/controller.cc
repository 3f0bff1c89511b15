#include "harness/run/controller.h"

#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "checker/history/run_event.h"
#include "checker/models/catalog.h"
#include "checker/online/online_checker.h"
#include "harness/driver/systems.h"
#include "harness/process/loopback_block.h"
#include "harness/run/catching_up.h"
#include "harness/run/disk_inspection.h"
#include "harness/run/history_recorder.h"
#include "harness/run/node_processes.h"
#include "harness/run/proxy_bypass.h"
#include "harness/run/recovery.h"
#include "harness/run/run_clock.h"
#include "harness/run/stall_watch.h"
#include "harness/run/status_watch.h"
#include "harness/run/tcp_owners.h"
#include "harness/run/wire_witness.h"
#include "harness/run/worker.h"
#include "nemesis/nemesis.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/proxy.h"
#include "node/api/address.h"
#include "workloads/workload.h"

namespace sunder::harness {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto startup_patience = 30s;
constexpr auto pause_between_searches_for_bypasses = 1s;
constexpr auto poll_interval = 2ms;

NodeProcesses::Disks disks_for(const nemesis::Schedule& schedule) {
  return nemesis::needs_disks(schedule) ? NodeProcesses::Disks::faulty
                                        : NodeProcesses::Disks::ordinary;
}

nemesis::Framing framing_of(const Driver& driver) {
  return driver.frames() || driver.routes_messages() ? nemesis::Framing::frames
                                                     : nemesis::Framing::bytes;
}

NodeProcesses::Clocks clocks_for(const nemesis::Schedule& schedule) {
  return nemesis::sets_clocks(schedule) ? NodeProcesses::Clocks::settable
                                        : NodeProcesses::Clocks::as_they_are;
}

class StoppedAtOnce : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Controller {
 public:
  Controller(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
             Watchdog& watchdog, ProgressLine& progress)
      : plan_(plan),
        schedule_(schedule),
        store_(store),
        watchdog_(watchdog),
        progress_(progress),
        driver_(
            find_system(plan.system)
                .make_driver(plan, {io_, links_, addresses_, clock_, watchdog, store.folder()})),
        generator_(workloads::find_workload(plan.workload)
                       .make_generator({plan.seed, plan.concurrency, plan.keys})),
        recorder_(store.history_path(), clock_,
                  [this](const history::Event& event) { recorded(event); }),
        proxy_(io_, links_, framing_of(*driver_),
               [this](const nemesis::SentFrame& sent) { passed(sent); }),
        cluster_(io_, watchdog, *driver_, store, disks_for(schedule), clocks_for(schedule),
                 {[this](nemesis::NodeNumber node, const std::string& how) { crashed(node, how); },
                  [this](const nemesis::Observation& seen) {
                    catching_up_.observe(seen);
                    nemesis_.observe(seen);
                  },
                  [this](nemesis::NodeNumber node, const std::string& order,
                         const nlohmann::json& reply) { disk_obeyed(node, order, reply); },
                  [this](nemesis::NodeNumber node, const nemesis::ClockSetting& shown) {
                    recorder_.record(
                        history::ClockReport{nemesis::node_name(node), shown.rate, shown.ahead});
                  }}),
        nemesis_(io_, cluster_, links_,
                 [this](const history::RunEvent& event) { recorder_.record(event); }),
        signals_(io_, SIGINT, SIGTERM),
        main_phase_(io_),
        tick_(io_),
        bypass_beat_(io_),
        stall_watch_(io_, [this](std::chrono::nanoseconds took) { stalled(took); }),
        progress_beat_(io_) {
    if (driver_->frames()) witness_.emplace(store.wire_path(), clock_);
    if (driver_->make_status_reader(io_, 1)) {
      status_.emplace(
          io_, *driver_, clock_, store.roles_path(),
          [this](nemesis::NodeNumber node, const NodeStatus& status) { said(node, status); });
    }
    if (!plan.fail_fast) return;
    model_ = checker::make_model(workloads::find_workload(plan.workload).model);
    online_.emplace(*model_);
  }

  RunEnd run() {
    await_signal();
    spawn(conduct(), [this] { finish(); });
    spawn(report_progress(), [] {});
    run_io();
    if (failure_) std::rethrow_exception(failure_);
    return interrupted_ ? RunEnd::interrupted : RunEnd::finished;
  }

 private:
  // What a handler throws (a full disk, a trace that is none) ends the main phase too.
  void run_io() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const StoppedAtOnce&) {
        throw;
      } catch (...) {
        fail(std::current_exception());
      }
    }
  }

  // The first exception of any part ends the main phase; conduct() still stops what runs.
  template <typename Done>
  void spawn(asio::awaitable<void> part, Done done) {
    asio::co_spawn(io_, std::move(part), [this, done](const std::exception_ptr& failure) {
      if (failure) fail(failure);
      done();
    });
  }

  void fail(const std::exception_ptr& failure) {
    if (!failure_) failure_ = failure;
    end_main_phase();
  }

  void end_main_phase() {
    main_phase_over_ = true;
    main_phase_.cancel();
  }

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code error, int) {
      if (error) return;
      if (interrupted_) throw StoppedAtOnce("interrupted twice: stopped at once, not judged");
      interrupted_ = true;
      progress_.say("stopping: healing, then judging what was recorded (again: stop at once)");
      end_main_phase();
      await_signal();
    });
  }

  asio::awaitable<void> conduct() {
    for (const auto& link : driver_->peer_links()) {
      proxy_.add_link({link.from, link.to}, parse_address(link.listen_address),
                      parse_address(link.upstream_address));
    }
    for (const auto& link : driver_->local_peer_links()) {
      proxy_.add_local_link({link.from, link.to}, link.listen_path, link.upstream_path);
    }
    for (const auto& door : driver_->peer_doors()) {
      proxy_.add_door(
          door.to, parse_address(door.listen_address), parse_address(door.upstream_address),
          [this](const auto& dialer, const auto& listener) {
            return node_that_dialed(dialer, listener);
          },
          door.edit_greeting);
    }
    for (const auto node : nemesis::all_nodes(driver_->node_count())) {
      cluster_.start(node);
      if (status_) spawn(status_->watch(node), [] {});
    }
    if (!driver_->peer_doors().empty()) spawn(search_for_bypasses(), [] {});
    spawn(stall_watch_.watch(), [] {});
    std::exception_ptr failure;
    try {
      co_await readiness();
      co_await main_phase();
      co_await final_phase();
    } catch (...) {
      failure = std::current_exception();
    }
    phase_ = "stopping the nodes";
    workers_.clear();
    for (const auto& complaint : driver_->conclude()) {
      progress_.say(complaint);
      recorder_.record(history::DriverReport{complaint});
    }
    if (status_) status_->stop();
    bypass_beat_.cancel();
    stall_watch_.stop();
    is_stopping_ = true;
    co_await cluster_.stop();
    if (failure) std::rethrow_exception(failure);
    phase_ = "reading the disks";
    co_await inspect_disks(io_, watchdog_, *driver_, store_);
    if (const auto report = driver_->check_files(store_.folder() / "data")) {
      recorder_.record(history::FilesReport{report->program, report->passed, report->said});
    }
  }

  // Where nodes trace, one of them has become leader; else all say that they are ready.
  asio::awaitable<void> readiness() {
    phase_ = "starting";
    const auto deadline = clock_.now() + startup_patience;
    while (clock_.now() < deadline && !has_crashed_) {
      if (main_phase_over_ || (status_ ? status_->is_ready() : cluster_.leader().has_value())) {
        co_return;
      }
      co_await sleep();
    }
    throw std::runtime_error(
        fmt::format("the nodes were not ready within {} s of the start; what they said is in {}",
                    std::chrono::ceil<std::chrono::seconds>(clock_.now()) / 1s,
                    (store_.folder() / "log").string()));
  }

  void stalled(std::chrono::nanoseconds took) {
    progress_.say(fmt::format("sunder stood still for {:.1f} s: the machine is too busy",
                              history::seconds_of(took)));
    recorder_.record(
        history::StallReport{std::chrono::duration_cast<std::chrono::milliseconds>(took)});
  }

  void said(nemesis::NodeNumber node, const NodeStatus& status) {
    if (status.role != NodeStatus::Role::leader) return cluster_.leads_no_more(node);
    cluster_.leads(node, status.term);
    nemesis::Observation elected{node, status.term, nemesis::NodeEvent::became_leader};
    elected.time = clock_.now();
    nemesis_.observe(elected);
  }

  std::vector<std::pair<nemesis::NodeNumber, pid_t>> processes() const {
    std::vector<std::pair<nemesis::NodeNumber, pid_t>> running;
    for (const auto node : nemesis::all_nodes(driver_->node_count())) {
      if (const auto pid = cluster_.pid(node)) running.emplace_back(node, *pid);
    }
    return running;
  }

  std::optional<nemesis::NodeNumber> node_that_dialed(const asio::ip::tcp::endpoint& dialer,
                                                      const asio::ip::tcp::endpoint& door) const {
    const auto inode = nemesis::socket_between(dialer, door);
    if (!inode) return std::nullopt;
    // The first process of a node is usually the one, and found ten times as fast.
    for (const auto find : {nemesis::sockets_of, nemesis::sockets_of_group}) {
      for (const auto& [node, pid] : processes()) {
        if (find(pid).contains(*inode)) return node;
      }
    }
    return std::nullopt;
  }

  // Now and then: one that lived for less than a second may go unseen.
  asio::awaitable<void> search_for_bypasses() {
    std::set<std::pair<nemesis::NodeNumber, nemesis::NodeNumber>> known;
    while (!is_stopping_) {
      for (const auto& bypass : find_bypasses(processes())) {
        if (!known.insert(bypass.nodes).second) continue;
        const auto first = nemesis::node_name(bypass.nodes.first);
        const auto second = nemesis::node_name(bypass.nodes.second);
        progress_.say(fmt::format("{} and {} are connected past the proxy: {}", first, second,
                                  bypass.connection));
        recorder_.record(history::BypassReport{{first, second}, bypass.connection});
      }
      bypass_beat_.expires_after(pause_between_searches_for_bypasses);
      boost::system::error_code cancelled;
      co_await bypass_beat_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
  }

  WorkerContext worker_context() {
    return {time_, plan_,
            [this](int node, history::ProcessId process) {
              return driver_->make_client(io_, node, process);
            },
            *generator_, recorder_};
  }

  asio::awaitable<void> main_phase() {
    phase_.clear();
    started_ = clock_.now();
    const WorkerContext context = worker_context();
    for (int number = 0; number < plan_.concurrency; ++number) {
      workers_.push_back(std::make_unique<WorkerLoop>(context, number, plan_.concurrency));
      ++running_;
      spawn(workers_.back()->run(), [this] { --running_; });
    }
    bool playing = true;
    spawn(nemesis_.play(schedule_), [&playing] { playing = false; });
    main_phase_.expires_after(plan_.time_limit);
    boost::system::error_code cancelled;
    if (!main_phase_over_) {
      co_await main_phase_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    main_phase_over_ = true;
    nemesis_.stop();
    for (const auto& worker : workers_) worker->stop();
    if (is_frozen_) co_await inspection();
    phase_ = "healing";
    while (playing) co_await sleep();
    // Before the last answers are awaited: a paused node would keep its clients waiting.
    nemesis_.heal_all();
    while (running_ > 0) co_await sleep();
    if (failure_) std::rethrow_exception(failure_);
  }

  asio::awaitable<void> final_phase() {
    phase_ = "reading once more";
    const bool is_watched = find_system(plan_.system).traces;
    const auto workers = worker_context();
    const auto* catching_up = is_watched ? &catching_up_ : nullptr;
    const std::function<void()> on_catching_up = [this] { phase_ = "catching up"; };
    auto recovery = co_await await_recovery(workers, nemesis_, catching_up, on_catching_up);
    if (const auto leader = cluster_.leader()) {
      recovery.leader = nemesis::node_name(*leader);
      recovery.term = static_cast<std::int64_t>(cluster_.term());
    }
    recorder_.record(recovery);
  }

  void crashed(nemesis::NodeNumber node, const std::string& how) {
    // One that was ended by a signal did not choose to stop.
    if (how.starts_with("exit status") && nemesis_.stopped_for_a_reason(node, how)) return;
    has_crashed_ = true;
    const auto name = nemesis::node_name(node);
    progress_.say(
        fmt::format("{} ended by itself: {} (log: {})", name, how, store_.log_path(name).string()));
    recorder_.record(history::Crash{name, how});
  }

  void passed(const nemesis::SentFrame& sent) {
    witness_->saw(sent);
    if (const auto seen = nemesis::observe(sent, clock_.now())) nemesis_.observe(*seen);
  }

  // What a power loss has cost, which byte was damaged, how often a disk has failed.
  void disk_obeyed(nemesis::NodeNumber node, const std::string& order,
                   const nlohmann::json& reply) {
    if (reply.empty()) return;
    history::DiskReport report{nemesis::node_name(node), order, {}};
    for (const auto& [name, member] : reply.items()) {
      if (member.is_number()) {
        report.reply.emplace_back(name, member.get<std::int64_t>());
      } else {
        report.reply.emplace_back(name, member.get<std::string>());
      }
    }
    recorder_.record(report);
  }

  void recorded(const history::Event& event) {
    if (!online_ || online_->violation()) return;
    online_->observe(event);
    if (!online_->violation()) return;
    progress_.say(fmt::format("violation at {:.3f} s: {}",
                              std::chrono::duration<double>(event.time).count(),
                              online_->violation()->message));
    if (plan_.keep_running && !main_phase_over_) freeze();
    end_main_phase();
  }

  void freeze() {
    std::string processes;
    for (const auto node : nemesis::all_nodes(driver_->node_count())) {
      cluster_.pause(node);
      const auto pid = cluster_.pid(node);
      processes += fmt::format(" {} {}", nemesis::node_name(node),
                               pid ? fmt::format("pid {}", *pid) : std::string("is down"));
    }
    is_frozen_ = true;
    progress_.say(fmt::format("the nodes are frozen:{}; their data is in {}; Ctrl-C goes on",
                              processes, (store_.folder() / "data").string()));
  }

  // The user looks at the frozen nodes, and goes on with a signal.
  asio::awaitable<void> inspection() {
    phase_ = "frozen";
    boost::system::error_code cancelled;
    main_phase_.expires_at(asio::steady_timer::time_point::max());
    if (!interrupted_) {
      co_await main_phase_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    for (const auto node : nemesis::all_nodes(driver_->node_count())) cluster_.resume(node);
  }

  asio::awaitable<void> report_progress() {
    while (!finished_) {
      progress_beat_.expires_after(progress_.interval());
      boost::system::error_code cancelled;
      co_await progress_beat_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
      if (!finished_) progress_.show(format_progress(snapshot()));
    }
  }

  RunProgress snapshot() const {
    const auto leader = cluster_.leader();
    return {clock_.now() - started_,
            plan_.time_limit,
            recorder_.counts(),
            leader ? nemesis::node_name(*leader) : std::string(),
            cluster_.term(),
            nemesis_.active(),
            phase_};
  }

  // Nothing that waits may keep the io_context running.
  void finish() {
    finished_ = true;
    progress_beat_.cancel();
    proxy_.close();
    signals_.cancel();
    store_.write_schedule(nemesis::to_json(nemesis_.played()).dump(2) + "\n");
  }

  asio::awaitable<void> sleep() {
    tick_.expires_after(poll_interval);
    co_await tick_.async_wait(asio::use_awaitable);
  }

  const Plan& plan_;
  const nemesis::Schedule& schedule_;
  const results::RunStore& store_;
  Watchdog& watchdog_;
  ProgressLine& progress_;
  asio::io_context io_{1};
  nemesis::MachineTime time_{io_};
  RunClock clock_;
  LoopbackBlock addresses_;
  nemesis::LinkRules links_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<workloads::Generator> generator_;
  std::unique_ptr<checker::ErasedModel> model_;
  // Judges while the run goes on, if it shall end at the first violation.
  std::optional<checker::OnlineChecker> online_;
  HistoryRecorder recorder_;
  nemesis::Proxy proxy_;
  // Where there are frames to be read.
  std::optional<WireWitness> witness_;
  CatchingUp catching_up_;
  NodeProcesses cluster_;
  nemesis::Nemesis nemesis_;
  // Where nodes do not trace.
  std::optional<StatusWatch> status_;
  asio::signal_set signals_;
  asio::steady_timer main_phase_;
  asio::steady_timer tick_;
  asio::steady_timer bypass_beat_;
  StallWatch stall_watch_;
  asio::steady_timer progress_beat_;
  std::vector<std::unique_ptr<WorkerLoop>> workers_;
  std::chrono::nanoseconds started_{0};
  std::string phase_;
  std::exception_ptr failure_;
  int running_ = 0;
  bool main_phase_over_ = false;
  bool interrupted_ = false;
  bool finished_ = false;
  bool is_frozen_ = false;
  bool is_stopping_ = false;
  bool has_crashed_ = false;
};

}  // namespace

RunEnd run_test(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
                Watchdog& watchdog, ProgressLine& progress) {
  return Controller(plan, schedule, store, watchdog, progress).run();
}

}  // namespace sunder::harness
