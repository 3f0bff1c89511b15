#include "checker/linearizability/linearizable.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "checker/history/read.h"
#include "checker/linearizability/explain_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/linearizability/sentence.h"
#include "checker/linearizability/whole_history.h"
#include "checker/models/counter.h"
#include "checker/models/register.h"
#include "checker/models/txn_register.h"

namespace sunder::checker {
namespace {

using history::Operation;
using history::Value;
using testing::HasSubstr;

/// The folder of histories with known verdicts, beside the repository; not everybody has it.
const std::filesystem::path public_histories =
    std::filesystem::path(__FILE__).parent_path() / "../../../shared/histories";

history::History history_of(const std::string& name, std::vector<Operation> operations) {
  history::History history;
  history.source = name;
  history.operations = std::move(operations);
  return history;
}

Operation operation(int process, std::string_view f, Value argument, Value result, int invoked,
                    int returned, std::string_view key = "") {
  Operation operation;
  operation.process = history::ProcessId{process};
  operation.f = f;
  operation.key = key;
  operation.argument = std::move(argument);
  operation.result = std::move(result);
  operation.outcome = history::Outcome::ok;
  operation.invoked = invoked;
  operation.returned = returned;
  return operation;
}

Operation write(int process, int value, int invoked, int returned, std::string_view key = "") {
  return operation(process, "write", value, value, invoked, returned, key);
}

Operation read(int process, Value value, int invoked, int returned, std::string_view key = "") {
  return operation(process, "read", {}, std::move(value), invoked, returned, key);
}

Operation cas(int process, int expected, int value, int invoked, int returned) {
  const Value pair = history::List{Value(expected), Value(value)};
  return operation(process, "cas", pair, pair, invoked, returned);
}

/// A cas that was refused because of the value `found`.
Operation refused(int process, int expected, int value, Value found, int invoked, int returned) {
  auto operation = cas(process, expected, value, invoked, returned);
  operation.outcome = history::Outcome::fail;
  operation.result = found;
  operation.answer =
      std::make_shared<const history::Answer>(history::Answer{{}, std::move(found), {}, {}, {}});
  return operation;
}

Operation failed(Operation operation) {
  operation.outcome = history::Outcome::fail;
  return operation;
}

CheckResult check(std::vector<Operation> operations) {
  return check_linearizability(history_of("test", std::move(operations)), Register{});
}

TEST(Linearizability, every_public_register_history_is_judged_as_expected) {
  if (!std::filesystem::exists(public_histories / "manifest.json")) GTEST_SKIP();
  const auto manifest = nlohmann::json::parse(std::ifstream(public_histories / "manifest.json"));
  int judged = 0;
  for (const auto& entry : manifest) {
    if (entry["model"] != "register") continue;
    const auto history = history::read_history(public_histories / entry["file"].get<std::string>());
    const auto result = check_linearizability(history, Register{});
    EXPECT_EQ(name_of(result.validity), entry["expected"].get<std::string>()) << entry["file"];
    ++judged;
  }
  EXPECT_GE(judged, 115);
}

TEST(Linearizability, keys_are_objects_of_their_own) {
  const auto result = check({write(0, 1, 0, 1, "a"), write(1, 1, 2, 3, "b"), read(0, 1, 4, 5, "a"),
                             write(0, 2, 6, 7, "a"), read(1, 1, 8, 9, "b")});
  EXPECT_EQ(result.validity, Validity::valid);
  EXPECT_EQ(result.message, "5 operations of 2 keys are linearizable");
}

TEST(Linearizability, a_stale_read_is_explained_by_the_write_before_it) {
  const auto result =
      check({write(1, 17, 0, 1, "k"), read(2, 17, 2, 3, "k"), write(5, 21, 4, 5, "k"),
             read(3, 17, 6, 7, "k"), write(5, 22, 8, 9, "k"), read(3, 22, 10, 11, "k")});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.procedure, "zones");
  EXPECT_EQ(result.message,
            "client 3 read 17 after client 5's write of 21 had returned (key \"k\")");
  ASSERT_TRUE(result.counterexample.has_value());
  std::vector<std::string> labels;
  for (const auto& each : result.counterexample->operations) labels.push_back(label_of(each));
  EXPECT_THAT(labels, testing::ElementsAre("write 17", "write 21", "read 17"));
  EXPECT_EQ(result.counterexample->culprit, 2U);
  EXPECT_EQ(result.counterexample->sentence,
            "client 3 read 17 after client 5's write of 21 had returned");
}

TEST(Linearizability, a_lost_write_is_called_lost) {
  EXPECT_EQ(check({write(5, 21, 0, 1), read(3, {}, 2, 3)}).message,
            "client 3 read null after client 5's write of 21 had returned: the write was lost");
}

TEST(Linearizability, a_value_nobody_wrote_is_named) {
  EXPECT_EQ(check({write(5, 21, 0, 1), read(3, 7, 2, 3)}).message,
            "client 3 read 7, which nobody had written");
}

TEST(Linearizability, a_read_from_the_future_is_named) {
  EXPECT_EQ(check({read(3, 7, 0, 1), write(5, 7, 2, 3)}).message,
            "client 3 read 7 before client 5 invoked its write 7");
}

TEST(Linearizability, two_cas_that_took_one_value_are_named) {
  EXPECT_EQ(check({write(0, 1, 0, 1), cas(1, 1, 2, 2, 5), cas(2, 1, 3, 3, 4)}).message,
            "client 2's cas 1 -> 3 and client 1's cas 1 -> 2 both took the value 1, which was "
            "there only once");
}

TEST(Linearizability, a_refused_cas_is_a_read_of_what_it_found) {
  EXPECT_EQ(check({write(0, 1, 0, 1), refused(1, 2, 3, 1, 2, 3)}).validity, Validity::valid);
  EXPECT_EQ(check({refused(1, 2, 3, {}, 0, 1), write(0, 1, 2, 3)}).validity, Validity::valid);
  EXPECT_EQ(check({write(0, 1, 0, 1), refused(1, 2, 3, 7, 2, 3)}).message,
            "client 1's refused cas 2 -> 3 found 7, which nobody had written");
  EXPECT_EQ(check({write(0, 1, 0, 1), write(0, 5, 2, 3), refused(1, 2, 3, 1, 4, 5)}).message,
            "client 1's refused cas 2 -> 3 found 1 after client 0's write of 5 had returned");
}

TEST(Linearizability, a_cas_that_found_what_it_expected_must_not_be_refused) {
  const std::string why =
      "client 1's cas 1 -> 3 was refused, although it found 1, which it expected";
  EXPECT_EQ(check({write(0, 1, 0, 1), refused(1, 1, 3, 1, 2, 3)}).message, why);
  // Values that are not unique are decided by the search.
  EXPECT_EQ(check({write(0, 1, 0, 1), write(0, 1, 2, 3), refused(1, 1, 3, 1, 4, 5)}).message, why);
}

TEST(Linearizability, a_failed_write_that_was_read_is_named) {
  const auto result = check({failed(write(5, 7, 0, 1)), read(3, 7, 2, 3)});
  EXPECT_EQ(result.message,
            "client 3 read 7, which client 5's write had set although it was answered fail");
  ASSERT_EQ(result.counterexample->operations.size(), 2U);
  EXPECT_EQ(result.counterexample->operations[0].outcome, history::Outcome::fail);
  EXPECT_EQ(result.counterexample->culprit, 1U);
}

TEST(Linearizability, what_transactions_read_is_traced_to_its_writer_too) {
  using history::List;
  const auto steps = [](const char* f, const Value& value) {
    return Value(List{List{"r", "y", Value()}, List{f, "x", value}});
  };
  const auto judged = [](const Operation& write, const Operation& read) {
    return check_linearizability(history_of("", {write, read}), TxnRegister{}).message;
  };
  const auto write = operation(5, "txn", steps("w", 7), steps("w", 7), 0, 1);
  EXPECT_EQ(judged(failed(write), operation(3, "txn", steps("r", {}), steps("r", 7), 2, 3)),
            "client 3's txn read 7 of key \"x\", which client 5's txn had set although it was "
            "answered fail");
  EXPECT_EQ(judged(write, operation(3, "txn", steps("r", {}), steps("r", "7"), 2, 3)),
            "client 3's txn read the text \"7\" of key \"x\"; client 5 wrote the number 7 of key "
            "\"x\": does the client convert?");
}

TEST(Linearizability, a_failed_write_that_began_behind_the_read_is_not_blamed) {
  EXPECT_EQ(check({read(3, 7, 0, 1), failed(write(5, 7, 2, 3))}).message,
            "client 3 read 7, which nobody had written");
}

TEST(Linearizability, an_answer_of_another_type_than_was_written_is_named) {
  const auto result = check({write(5, 7, 0, 1), read(3, "7", 2, 3)});
  EXPECT_EQ(result.message,
            "client 3 read the text \"7\"; client 5 wrote the number 7: does the client convert?");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(Linearizability, a_failed_add_to_a_counter_is_not_blamed_for_a_sum) {
  const auto result = check_linearizability(
      history_of("test", {operation(0, "add", 3, 3, 0, 1), failed(operation(1, "add", 5, 5, 2, 3)),
                          operation(2, "read", {}, 5, 4, 5)}),
      Counter{});
  EXPECT_EQ(result.message, "client 2 read 5, which no sum of adds of 3 gives");
}

TEST(Linearizability, values_differ_only_in_type_if_they_are_spelled_alike) {
  EXPECT_TRUE(differ_only_in_type(7, "7"));
  EXPECT_TRUE(differ_only_in_type("7.0", 7));
  EXPECT_TRUE(differ_only_in_type("true", true));
  EXPECT_TRUE(differ_only_in_type(history::List{1, "2"}, history::List{"1", "2"}));
  EXPECT_FALSE(differ_only_in_type(7, 7));
  EXPECT_FALSE(differ_only_in_type("7", 8));
  EXPECT_FALSE(differ_only_in_type("", 0));
  EXPECT_FALSE(differ_only_in_type(history::List{1}, 1));
}

TEST(Linearizability, keys_are_counted_with_at_least_when_the_count_stopped) {
  std::vector<Operation> operations;
  int at = 0;
  for (const char* key : {"a", "b"}) {
    operations.push_back(read(0, 9, at, at + 1, key));
    at += 2;
  }
  EXPECT_THAT(check(operations).message, HasSubstr("; 2 keys are not linearizable"));
  // Its values are not unique, so it needs the search, which ends as soon as one key is invalid.
  for (int i = 0; i < 1'000; ++i, at += 2) {
    operations.push_back(write(0, i % 3, at, at + 1, "long"));
  }
  LinearizabilityOptions options;
  options.threads = 1;
  const auto result =
      check_linearizability(history_of("test", std::move(operations)), Register{}, options);
  EXPECT_THAT(result.message, HasSubstr("; at least 2 keys are not linearizable"));
}

TEST(Linearizability, a_key_does_not_control_the_terminal) {
  const auto result = check({read(0, 9, 0, 1, "\033[2J\n")});
  EXPECT_THAT(result.message, HasSubstr(R"((key "\u001b[2J\n"))"));
}

TEST(Linearizability, a_foreign_operation_is_refused_with_its_line) {
  try {
    check({operation(0, "enqueue", 1, 1, 4, 5)});
    FAIL() << "accepted";
  } catch (const history::AssumptionBroken& error) {
    EXPECT_STREQ(error.what(), "test:5: the model register has no operation enqueue with value 1");
  }
}

TEST(Linearizability, past_the_deadline_the_answer_is_unknown_with_the_decided_prefix) {
  Random random(7);
  Shape shape;
  shape.operations = 30'000;
  shape.clients = 8;
  shape.domain = 3;
  shape.spoil_percent = 0;
  LinearizabilityOptions options;
  options.budget = Budget(std::chrono::milliseconds(0), SIZE_MAX);
  const auto result = check_linearizability(
      history_of("test", random_register_history(random, shape)), Register{}, options);
  EXPECT_EQ(result.validity, Validity::unknown);
  EXPECT_THAT(result.message, HasSubstr("time ran out before any of 30000 operations was decided"));
}

TEST(Explain, every_explanation_is_invalid_and_minimal) {
  const ErasedModelOf<Register> model{Register{}};
  int explained = 0;
  for (int seed = 0; seed < 6'000 && !testing::Test::HasFailure(); ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 4 + seed % 6;
    shape.domain = seed % 2 == 0 ? 0 : 3;
    const auto operations = random_register_history(random, shape);
    std::vector<const Operation*> pointers;
    for (const auto& each : operations) pointers.push_back(&each);
    const auto decision = decide(pointers, model, {});
    if (decision.validity == Validity::valid) continue;
    expect_minimal<Register>(explain(decision.conflict, model, {}), to_text(operations));
    ++explained;
  }
  EXPECT_GT(explained, 300);
}

/// A long history in which one read in the middle is stale.
std::vector<Operation> long_history_with_a_stale_read(int domain, int operations) {
  Random random(11);
  Shape shape;
  shape.operations = operations;
  shape.clients = 10;
  shape.crash_percent = 0;
  shape.spoil_percent = 0;
  shape.domain = domain;
  auto history = random_register_history(random, shape);
  auto at = history.begin() + operations / 2;
  while (at->f != "read") ++at;
  at->result = domain == 0 ? history[10].result : Value(99);
  return history;
}

TEST(Explain, a_long_history_shrinks_to_a_handful) {
  for (const int domain : {0, 5}) {
    const auto result = check(long_history_with_a_stale_read(domain, 20'000));
    ASSERT_EQ(result.validity, Validity::invalid);
    EXPECT_LE(result.counterexample->operations.size(), 6U) << result.message;
  }
}

}  // namespace
}  // namespace sunder::checker
