#include "checker/recorder/recorder.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "checker/linearizability/linearizable.h"
#include "checker/models/counter.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Outcome;
using history::Value;

TEST(Recorder, keeps_the_order_of_returns_and_later_invocations) {
  Recorder recorder;
  auto& first = recorder.client();
  auto& second = recorder.client();
  auto write = first.invoke("write", 1);
  auto read = second.invoke("read");
  write.ok(1);
  auto late = first.invoke("read");
  read.ok(1);
  late.fail();
  const auto history = recorder.history("k");
  ASSERT_EQ(history.operations.size(), 3U);
  const auto& [w, r, l] =
      std::tie(history.operations[0], history.operations[1], history.operations[2]);
  EXPECT_LT(r.invoked, w.returned);
  EXPECT_LT(w.returned, l.invoked);
  EXPECT_LT(l.invoked, r.returned);
  EXPECT_EQ(l.outcome, Outcome::fail);
  EXPECT_EQ(w.key, "k");
}

TEST(Recorder, an_unanswered_call_is_info_and_retires_its_process) {
  Recorder recorder;
  auto& client = recorder.client();
  { [[maybe_unused]] const auto abandoned = client.invoke("write", 1); }
  client.invoke("read").ok(1);
  const auto history = recorder.history();
  EXPECT_EQ(history.operations[0].outcome, Outcome::info);
  EXPECT_EQ(history.operations[0].returned, history::never);
  EXPECT_NE(history.operations[0].process, history.operations[1].process);
  EXPECT_EQ(check_linearizability(history, Register{}).validity, Validity::valid);
}

TEST(Recorder, threads_on_an_atomic_counter_are_linearizable) {
  Recorder recorder;
  std::atomic<std::int64_t> counter{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, &client = recorder.client()] {
        for (int call = 0; call < 200; ++call) {
          if (call % 4 == 0) {
            auto open = client.invoke("read");
            open.ok(Value(counter.load()));
          } else {
            auto open = client.invoke("add", 1);
            counter.fetch_add(1);
            open.ok(1);
          }
        }
      });
    }
  }
  const auto history = recorder.history();
  EXPECT_EQ(history.operations.size(), 600U);
  EXPECT_EQ(check_linearizability(history, Counter{}).validity, Validity::valid);
}

}  // namespace
}  // namespace sunder::checker
