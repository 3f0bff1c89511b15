#include "harness/run/trial_start.h"

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/described/node.h"
#include "harness/driver/systems.h"
#include "harness/output.h"
#include "harness/process/log_tail.h"
#include "harness/progress_line.h"
#include "harness/run/condition.h"
#include "harness/run/deployment.h"
#include "harness/run/run_reports.h"
#include "harness/workload_choice.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/value_json.h"
#include "workloads/workload.h"

namespace sunder::harness {

namespace {

namespace asio = boost::asio;
using Clock = nemesis::Timekeeper::Clock;

constexpr NodeId asked_node{1};

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

class TrialStart {
 public:
  TrialStart(const Plan& plan, const results::RunStore& store, Watchdog& watchdog)
      : plan_(plan),
        store_(store),
        reports_(store, clock_, progress_, [](const history::Event&) {}),
        deployment_({io_, plan_, schedule_, store, watchdog, clock_, reports_},
                    {[this](auto node, const auto& how) { on_crash(node, how); },
                     [](const auto&) {}, [this] { condition_.changed(); }}) {}

  bool run() {
    asio::co_spawn(io_, conduct(), [this](const std::exception_ptr& failure) {
      failure_ = failure;
      deployment_.close();
      io_.stop();
    });
    io_.run();
    if (failure_) std::rethrow_exception(failure_);
    return succeeded_;
  }

 private:
  asio::awaitable<void> conduct() {
    for (const auto& line : described::explain(deployment_.driver())) out::print("{}\n", line);
    std::string why;
    try {
      co_await start();
      co_await make_calls();
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    client_.reset();
    const auto began = Clock::now();
    is_over_ = true;
    co_await deployment_.stop();
    out::print("stopped in {:.2f} s\n", seconds_since(began));
    if (why.empty()) co_return;
    succeeded_ = false;
    out::print("failed: {}\n", why);
  }

  asio::awaitable<void> start() {
    auto began = Clock::now();
    deployment_.start();
    const std::function<bool()> is_settled = [this] {
      return !last_words_.empty() || deployment_.is_ready();
    };
    const auto patience = deployment_.driver().startup_patience();
    const bool is_in_time = co_await condition_.wait(is_settled, began + patience);
    if (!last_words_.empty()) throw std::runtime_error(last_words_);
    if (!is_in_time) throw std::runtime_error(not_ready());
    out::print("all nodes were ready after {:.2f} s\n", seconds_since(began));
    began = Clock::now();
    co_await deployment_.set_up();
    out::print("the setup took {:.2f} s\n", seconds_since(began));
  }

  std::string not_ready() const {
    std::string said = "the nodes were not ready in time";
    for (const auto node : nemesis::all_nodes(plan_.nodes)) {
      const auto last = log_tail(store_.log_path(name_of(node)));
      said += fmt::format("; {} said last: {}", name_of(node), last.empty() ? "nothing" : last);
    }
    return said;
  }

  /// The calls of each workload that the system can do, until each operation was called.
  asio::awaitable<void> make_calls() {
    constexpr int most_calls = 40;
    const auto can = find_system(plan_.system).operations(plan_);
    client_ = deployment_.driver().make_client(io_, asked_node, history::ProcessId{0});
    for (const auto& workload : workloads::all_workloads()) {
      const auto needed = workload.needs();
      if (!can.missing_for(needed).empty()) continue;
      auto plan = plan_;
      plan.workload = workload.name;
      const auto generator = generator_of(plan);
      for (const auto& call : generator->first_calls()) co_await make(call);
      for (int made = 0; made < most_calls && !seen_.missing_for(needed).empty(); ++made) {
        const auto call = generator->next(workloads::Worker{0});
        const auto completion = co_await make(call);
        generator->completed(workloads::Worker{0}, call, completion);
      }
    }
    client_.reset();
    succeeded_ = succeeded_calls_ > 0;
    out::print("of the first calls of {} operations, to {}, {} succeeded\n", first_calls_,
               name_of(asked_node), succeeded_calls_);
  }

  /// Prints it if it is the first one of its operation.
  asio::awaitable<workloads::Completion> make(workloads::Call call) {
    const auto began = Clock::now();
    auto completion = co_await client_->invoke(call, plan_.operation_timeout);
    if (!seen_.has(call.kind, call.f)) {
      seen_.add(call.kind, call.f);
      ++first_calls_;
      if (completion.type == history::EventType::ok) ++succeeded_calls_;
      out::print("{} {} {}: {} {}{} ({:.1f} ms)\n", workloads::name_of(call.kind), call.f,
                 results::json_of(call.value).dump(), history::name_of(completion.type),
                 results::json_of(completion.value).dump(),
                 completion.error.empty() ? "" : ", " + completion.error,
                 seconds_since(began) * 1000);
    }
    if (completion.type == history::EventType::info) {
      // Its client's process has an open operation.
      client_ = deployment_.driver().make_client(io_, asked_node, history::ProcessId{0});
    }
    co_return completion;
  }

  void on_crash(NodeId node, const std::string& how) {
    if (is_over_) return;
    const auto last = log_tail(store_.log_path(name_of(node)), 3);
    if (last_words_.empty()) {
      last_words_ = fmt::format("{} ended: {}; the last lines of its log: {}", name_of(node), how,
                                last.empty() ? "none" : last);
    }
    condition_.changed();
  }

  const Plan& plan_;
  const results::RunStore& store_;
  asio::io_context io_{1};
  nemesis::MachineTime time_{io_};
  RunClock clock_;
  ProgressLine progress_ = ProgressLine::silent();
  nemesis::Schedule schedule_;
  RunReports reports_;
  Condition condition_{time_};
  std::string last_words_;
  bool is_over_ = false;
  std::unique_ptr<Client> client_;
  /// The operations that were called.
  workloads::Operations seen_;
  int first_calls_ = 0;
  int succeeded_calls_ = 0;
  bool succeeded_ = false;
  std::exception_ptr failure_;
  Deployment deployment_;
};

}  // namespace

bool try_start(const Plan& plan, const results::RunStore& store, Watchdog& watchdog) {
  return TrialStart(plan, store, watchdog).run();
}

}  // namespace sunder::harness
