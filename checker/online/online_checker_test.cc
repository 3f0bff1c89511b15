#include "checker/online/online_checker.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/catalog.h"
#include "checker/models/kv.h"
#include "checker/models/players_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Event;
using history::EventType;
using history::Operation;
using history::Outcome;

/// The operations as the events that a recorder would have written.
std::vector<Event> events_of(const std::vector<Operation>& operations) {
  std::map<history::Position, Event> events;
  for (const auto& operation : operations) {
    Event event;
    event.process = operation.process;
    event.f = operation.f;
    event.value = operation.argument;
    events[operation.invoked] = event;
    if (operation.returned == history::never) continue;
    event.type = operation.outcome == Outcome::ok ? EventType::ok : EventType::fail;
    event.value = operation.result;
    if (operation.answer != nullptr) event.answer = *operation.answer;
    events[operation.returned] = event;
  }
  std::vector<Event> ordered;
  for (auto& [position, event] : events) ordered.push_back(std::move(event));
  return ordered;
}

/// Public histories that are valid; the folder is not everywhere.
TEST(OnlineChecker, a_valid_public_history_is_no_violation_in_batches_of_any_size) {
  const auto file = std::filesystem::path(__FILE__).parent_path() /
                    "../../../shared/cases/histories/online-false-alarm-kv.jsonl";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  const ErasedModelOf<Kv> model{Kv{}};
  for (const std::size_t batch : {1, 2, 6, 16, 64, 256, 100'000}) {
    OnlineChecker online(model, 50'000, batch);
    std::size_t events = 0;
    history::read_events(file, history::Format::json_lines, [&](Event& event, std::int64_t) {
      ++events;
      online.observe(event);
    });
    online.finish();
    EXPECT_GT(events, 0U);
    EXPECT_FALSE(online.violation()) << online.violation()->message << ", batches of " << batch;
  }
}

/// The history with the events that the online checker called a violation: the read returns in the
/// batch whose end is the invocation of the write that it saw.
TEST(OnlineChecker, a_read_may_see_a_write_that_is_invoked_after_the_batch) {
  const ErasedModelOf<Kv> model{Kv{}};
  OnlineChecker online(model, 50'000, 6);
  const auto say = [&online](int process, EventType type, std::string f, history::Value value) {
    Event event;
    event.process = history::ProcessId{process};
    event.type = type;
    event.f = std::move(f);
    event.value = std::move(value);
    online.observe(event);
  };
  say(0, EventType::invoke, "write", "a");
  say(0, EventType::ok, "write", "a");
  say(1, EventType::invoke, "write", "a");
  say(2, EventType::invoke, "read", {});
  say(1, EventType::ok, "write", "a");
  say(3, EventType::invoke, "write", "b");
  say(2, EventType::ok, "read", "b");
  say(3, EventType::ok, "write", "b");
  online.finish();
  EXPECT_FALSE(online.violation().has_value()) << online.violation()->message;
}

/// The remove is invoked behind the edge of the batch, which an add without an answer holds up.
TEST(OnlineChecker, a_read_may_lack_what_is_removed_behind_the_batch) {
  const auto model = make_model("set");
  OnlineChecker online(*model, 50'000, 4);
  const auto say = [&online](int process, EventType type, std::string f, history::Value value) {
    Event event;
    event.process = history::ProcessId{process};
    event.type = type;
    event.f = std::move(f);
    event.value = std::move(value);
    online.observe(event);
  };
  say(0, EventType::invoke, "add", 1);
  say(0, EventType::ok, "add", 1);
  say(1, EventType::invoke, "read", {});
  say(2, EventType::invoke, "add", 2);
  say(3, EventType::invoke, "remove", 1);
  say(1, EventType::ok, "read", history::List{});
  say(3, EventType::ok, "remove", 1);
  online.finish();
  EXPECT_FALSE(online.violation().has_value()) << online.violation()->message;
}

/// Batches of a few events, so that operations of every kind are open at the end of one.
void compare_with_the_check_of_the_whole(const CatalogEntry& entry) {
  const auto model = entry.make({});
  const int histories = std::max(differential_histories() / 5, 1);
  int invalid = 0;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 6 + seed % 14;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 * 10;
    shape.domain = seed % 2 == 0 ? 0 : 3;
    const auto operations = random_history_of(entry.name, random, shape);
    std::vector<const Operation*> pointers;
    for (const auto& operation : operations) pointers.push_back(&operation);
    const bool expected = decide(pointers, *model, {}).validity == Validity::valid;
    OnlineChecker online(*model, 50'000, 2 + static_cast<std::size_t>(random.below(12)));
    for (const auto& event : events_of(operations)) online.observe(event);
    online.finish();
    ASSERT_TRUE(online.given_up().empty()) << entry.name << ", seed " << seed;
    ASSERT_EQ(!online.violation().has_value(), expected) << entry.name << ", seed " << seed << "\n"
                                                         << to_text(operations);
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(invalid, histories / 50) << entry.name;
  EXPECT_LT(invalid, histories * 4 / 5) << entry.name;
}

TEST(OnlineCheckerDifferential, agrees_with_the_check_of_the_whole_for_every_model) {
  for (const auto& entry : model_catalog()) compare_with_the_check_of_the_whole(entry);
}

/// Histories too long for brute force are judged by the search over the whole.
TEST(OnlineChecker, agrees_with_the_check_of_the_whole) {
  const ErasedModelOf<Register> model{Register{}};
  int invalid = 0;
  constexpr int histories = 40;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 500;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 2;
    shape.domain = seed % 3 == 0 ? 0 : 4;
    shape.spoil_percent = 60;
    const auto operations = random_register_history(random, shape);
    std::vector<const Operation*> pointers;
    for (const auto& operation : operations) pointers.push_back(&operation);
    const bool expected = decide(pointers, model, {}).validity == Validity::valid;
    OnlineChecker online(model);
    for (const auto& event : events_of(operations)) online.observe(event);
    online.finish();
    ASSERT_TRUE(online.given_up().empty()) << "seed " << seed;
    ASSERT_EQ(!online.violation().has_value(), expected) << "seed " << seed;
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(invalid, 3);
  EXPECT_LT(invalid, histories * 4 / 5);
}

TEST(OnlineChecker, finds_a_stale_read_while_the_run_goes_on) {
  const ErasedModelOf<Register> model{Register{}};
  OnlineChecker online(model);
  const auto say = [&online](int process, EventType type, std::string f, history::Value value) {
    Event event;
    event.process = history::ProcessId{process};
    event.type = type;
    event.f = std::move(f);
    event.value = std::move(value);
    online.observe(event);
  };
  int found_after = -1;
  for (int i = 0; i < 2000 && found_after < 0; ++i) {
    say(0, EventType::invoke, "write", i);
    say(0, EventType::ok, "write", i);
    say(1, EventType::invoke, "read", {});
    say(1, EventType::ok, "read", i >= 700 ? i - 1 : i);
    if (online.violation()) found_after = i;
  }
  EXPECT_GE(found_after, 700);
  EXPECT_LE(found_after, 900);
  ASSERT_TRUE(online.violation().has_value());
  EXPECT_EQ(online.violation()->message,
            "client 1 read 699 after client 0's write of 700 had returned, whatever the state was "
            "before");
}

TEST(OnlineChecker, memory_stays_flat_over_a_long_valid_run) {
  const ErasedModelOf<Register> model{Register{}};
  OnlineChecker online(model);
  Random random(3);
  Shape shape;
  shape.operations = 50'000;
  shape.clients = 6;
  shape.crash_percent = 0;
  shape.spoil_percent = 0;
  std::size_t most = 0;
  for (const auto& event : events_of(random_register_history(random, shape))) {
    online.observe(event);
    most = std::max(most, online.remembered_operations());
  }
  online.finish();
  EXPECT_FALSE(online.violation().has_value());
  EXPECT_TRUE(online.given_up().empty());
  EXPECT_LT(most, 1000U);
}

}  // namespace
}  // namespace sunder::checker
