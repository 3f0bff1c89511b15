// How to check a concurrent object of one's own: record the calls of its threads, then ask whether
// any order explains the answers. CMakeLists.txt beside this file builds it against an installed
// sunder, outside of this repository.

#include "checker/models/queue.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "checker/example/locked_queue.h"
#include "checker/linearizability/linearizable.h"
#include "checker/recorder/recorder.h"

namespace {

using sunder::checker::check_linearizability;
using sunder::checker::Queue;
using sunder::checker::Recorder;
using sunder::checker::Validity;
using sunder::history::Value;

/// nil if the queue was empty.
Value value_of(const std::optional<int>& taken) {
  return taken ? Value(*taken) : Value();
}

TEST(LockedQueue, is_linearizable) {
  LockedQueue<int> queue;
  Recorder recorder;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 2; ++thread) {
      threads.emplace_back([&queue, &client = recorder.client(), thread] {
        for (int i = 0; i < 100; ++i) {
          const int value = 1000 * thread + i;
          auto push = client.invoke("enqueue", value);
          queue.push(value);
          push.ok(value);

          auto pop = client.invoke("dequeue");
          pop.ok(value_of(queue.try_pop()));
        }
      });
    }
  }
  const auto result = check_linearizability(recorder.history(), Queue{});
  EXPECT_EQ(result.validity, Validity::valid) << result.message;
}

TEST(LockedQueue, that_takes_in_two_steps_gives_one_value_twice) {
  LockedQueue<int> queue;
  Recorder recorder;
  auto& one = recorder.client();
  auto& other = recorder.client();
  auto push = one.invoke("enqueue", 7);
  queue.push(7);
  push.ok(7);
  auto first = one.invoke("dequeue");
  // The race, made to happen: the other client takes between the two steps of the first.
  first.ok(value_of(queue.try_pop_in_two_steps([&] {
    auto second = other.invoke("dequeue");
    second.ok(value_of(queue.try_pop()));
  })));
  const auto result = check_linearizability(recorder.history(), Queue{});
  EXPECT_EQ(result.validity, Validity::invalid);
  ASSERT_TRUE(result.counterexample.has_value());
  EXPECT_EQ(result.counterexample->operations.size(), 3U) << result.message;
}

}  // namespace
