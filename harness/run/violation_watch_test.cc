// Runs that are stopped at the first violation: what the watch makes of the events of transactions.

#include "harness/run/violation_watch.h"

#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>

namespace sunder::harness {
namespace {

using history::Event;
using history::EventType;
using history::List;
using history::ProcessId;
using history::Value;
using testing::HasSubstr;
using testing::Not;

Plan plan_of(const std::string& workload, const std::string& isolation) {
  Plan plan;
  plan.workload = workload;
  plan.isolation = isolation;
  plan.fail_fast = true;
  return plan;
}

/// Clients that append to one list and read it, one call after the other.
class WatchedRun {
 public:
  explicit WatchedRun(const Plan& plan)
      : watch_(plan, [this](const auto& text) { found_ = text; }) {}

  void append(int element) {
    perform(1, List{List{"append", "x", element}}, List{List{"append", "x", element}});
    list_.push_back(element);
  }
  void read() { read(list_); }
  void read_stale() { read(List(list_.begin(), list_.end() - 1)); }
  void read_backwards() { read(List(list_.rbegin(), list_.rend())); }
  /// What the watch finds; it judges in a thread of its own, and reports at the next event.
  std::string await_violation() {
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (found_.empty() && std::chrono::steady_clock::now() < patience) read();
    return found_;
  }

 private:
  void read(List seen) {
    perform(2, List{List{"r", "x", Value()}}, List{List{"r", "x", std::move(seen)}});
  }
  void perform(int process, List asked, List answered) {
    Event event;
    event.process = ProcessId{process};
    event.f = "txn";
    event.value = std::move(asked);
    event.type = EventType::invoke;
    event.time = history::Time(++time_);
    watch_.observe(event);
    event.type = EventType::ok;
    event.value = std::move(answered);
    event.time = history::Time(++time_);
    watch_.observe(event);
  }

  std::string found_;
  List list_;
  std::int64_t time_ = 0;
  ViolationWatch watch_;
};

TEST(ViolationWatch, reports_a_stale_read_of_a_transaction_while_the_run_goes_on) {
  WatchedRun run(plan_of("list-append", ""));
  for (int element = 1; element <= 30; ++element) run.append(element);
  run.read_stale();
  EXPECT_THAT(run.await_violation(), HasSubstr("G-single-realtime"));
}

TEST(ViolationWatch, judges_transactions_by_the_level_that_the_user_names) {
  WatchedRun run(plan_of("list-append", "serializable"));
  for (int element = 1; element <= 30; ++element) run.append(element);
  run.read_stale();
  run.read_backwards();
  const auto found = run.await_violation();
  EXPECT_THAT(found, HasSubstr("incompatible-order"));
  EXPECT_THAT(found, Not(HasSubstr("realtime")));
}

}  // namespace
}  // namespace sunder::harness
