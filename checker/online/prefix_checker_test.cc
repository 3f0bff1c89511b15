#include "checker/online/prefix_checker.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "checker/guarantees/unique_ids.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/catalog.h"
#include "checker/models/players_test.h"
#include "checker/models/unordered_queue.h"

namespace sunder::checker::prefix_checker_test {
namespace {

using history::Event;
using history::EventType;
using history::Operation;

Event event_of(std::int64_t process, EventType type, std::string f, history::Value value) {
  Event event;
  event.process = history::ProcessId{process};
  event.type = type;
  event.f = std::move(f);
  event.value = std::move(value);
  return event;
}

/// Each id in one operation.
void generate(PrefixChecker& checker, int id) {
  checker.observe(event_of(id % 5, EventType::invoke, "generate", {}));
  checker.observe(event_of(id % 5, EventType::ok, "generate", id));
}

TEST(PrefixChecker, finds_a_violation_before_the_history_grew_by_a_quarter) {
  for (const int broken_at : {3, 700, 5'000}) {
    PrefixChecker checker(check_unique_ids);
    for (int i = 0; i < broken_at; ++i) generate(checker, i);
    ASSERT_FALSE(checker.violation());
    generate(checker, broken_at / 2);
    int more = 0;
    while (!checker.violation() && more < 10'000) generate(checker, broken_at + ++more);
    ASSERT_TRUE(checker.violation());
    EXPECT_LE(more, std::max(broken_at / 4 + 1, 512));
    EXPECT_EQ(checker.violation()->validity, Validity::invalid);
  }
}

TEST(PrefixChecker, finish_looks_at_what_came_since_the_last_look) {
  PrefixChecker checker(check_unique_ids);
  generate(checker, 1);
  generate(checker, 1);
  EXPECT_FALSE(checker.violation());
  checker.finish();
  EXPECT_TRUE(checker.violation());
}

TEST(PrefixChecker, says_that_it_gave_up) {
  PrefixChecker too_long(check_unique_ids, {}, 1, 10);
  for (int i = 0; i < 11; ++i) generate(too_long, 1 + i / 11);
  EXPECT_TRUE(too_long.violation());
  PrefixChecker of_few(check_unique_ids, {}, 1, 10);
  for (int i = 0; i < 12; ++i) generate(of_few, std::min(i, 10));
  EXPECT_TRUE(of_few.has_given_up());
  EXPECT_FALSE(of_few.violation());

  PrefixChecker malformed(check_unique_ids, {}, 1);
  malformed.observe(event_of(1, EventType::ok, "generate", 1));
  EXPECT_TRUE(malformed.has_given_up());
}

TEST(PrefixChecker, ends_a_look_whose_budget_is_spent) {
  std::atomic<bool> is_over = true;
  PrefixChecker checker(check_unique_ids, Budget().unless(is_over), 1);
  for (int i = 0; i < 100'000; ++i) generate(checker, i);
  generate(checker, 1);
  checker.finish();
  EXPECT_FALSE(checker.violation());
}

/// An unordered queue with crashed dequeues is what OnlineChecker is slow at.
TEST(PrefixChecker, agrees_with_the_check_of_the_whole) {
  const ErasedModelOf<UnorderedQueue> model{UnorderedQueue{}};
  const auto judge = [&model](const history::History& so_far, Budget budget) {
    return check_linearizability(so_far, model, {budget, 1, nullptr});
  };
  int invalid = 0;
  constexpr int histories = 300;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.crash_percent = seed % 3 * 10;
    const auto operations = random_history_of("unordered-queue", random, shape);
    std::vector<const Operation*> pointers;
    for (const auto& operation : operations) pointers.push_back(&operation);
    const bool expected = decide(pointers, model, {}).validity == Validity::valid;
    PrefixChecker checker(judge, {}, 1);
    std::map<history::Position, Event> events;
    for (const auto& operation : operations) {
      const auto process = static_cast<std::int64_t>(operation.process);
      events[operation.invoked] =
          event_of(process, EventType::invoke, operation.f, operation.argument);
      if (operation.returned == history::never) continue;
      const auto type = operation.outcome == history::Outcome::ok ? EventType::ok : EventType::fail;
      auto& answer = events[operation.returned] =
          event_of(process, type, operation.f, operation.result);
      if (operation.answer != nullptr) answer.answer = *operation.answer;
    }
    for (const auto& [position, event] : events) checker.observe(event);
    checker.finish();
    ASSERT_EQ(!checker.violation().has_value(), expected) << "seed " << seed;
    ASSERT_FALSE(checker.has_given_up()) << "seed " << seed;
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(invalid, histories / 50);
  EXPECT_LT(invalid, histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker::prefix_checker_test
