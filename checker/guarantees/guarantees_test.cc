#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "checker/guarantees/long_fork.h"
#include "checker/guarantees/monotonic.h"
#include "checker/guarantees/sessions.h"
#include "checker/guarantees/unique_ids.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using testing::HasSubstr;

/// Operations at positions that the caller gives.
struct Script {
  Operation& operation(int process, const char* f, const char* key, history::Position invoked,
                       history::Position returned) {
    auto& made = history.operations.emplace_back();
    made.process = history::ProcessId{process};
    made.f = f;
    made.key = key;
    made.invoked = invoked;
    made.returned = returned;
    made.outcome = returned == history::never ? Outcome::info : Outcome::ok;
    return made;
  }
  Script& write(int process, const char* key, int value, history::Position at,
                history::Position returned = 0) {
    auto& made = operation(process, "write", key, at, returned == 0 ? at + 1 : returned);
    made.argument = made.result = value;
    return *this;
  }
  Script& read(int process, const char* key, Value value, history::Position at,
               history::Position returned = 0) {
    operation(process, "read", key, at, returned == 0 ? at + 1 : returned).result =
        std::move(value);
    return *this;
  }
  Script& transaction(int process, List steps, history::Position at) {
    auto& made = operation(process, "txn", "", at, at + 1);
    made.argument = made.result = std::move(steps);
    return *this;
  }

  history::History history;
};

Value micro(const char* f, const char* key, Value value) {
  return List{f, key, std::move(value)};
}

TEST(Monotonic, a_read_behind_what_another_client_had_read_is_invalid) {
  const auto script =
      Script().write(1, "a", 1, 0).write(1, "a", 2, 2).read(2, "a", 2, 4).read(3, "a", 1, 6);
  const auto result = check_monotonic(script.history, {});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("client 3 read 1 of key a after client"));
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(Monotonic, reads_that_overlap_a_write_may_see_it_or_not) {
  const auto script =
      Script().write(1, "a", 1, 0, 9).read(2, "a", 1, 1, 4).read(3, "a", Value(), 2, 5);
  EXPECT_EQ(check_monotonic(script.history, {}).validity, Validity::valid);
}

TEST(Monotonic, a_value_from_the_future_or_of_a_failed_write_is_invalid) {
  EXPECT_EQ(check_monotonic(Script().read(2, "a", 1, 0).write(1, "a", 1, 4).history, {}).validity,
            Validity::invalid);
  auto script = Script().write(1, "a", 1, 0).read(2, "a", 1, 4);
  script.history.operations[0].outcome = Outcome::fail;
  const auto result = check_monotonic(script.history, {});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("although it was answered fail"));
}

TEST(Monotonic, is_unknown_without_reads_and_refuses_writes_that_do_not_grow) {
  EXPECT_EQ(check_monotonic(Script().write(1, "a", 1, 0).history, {}).validity, Validity::unknown);
  EXPECT_THROW(check_monotonic(Script().write(1, "a", 2, 0).write(1, "a", 1, 2).history, {}),
               history::AssumptionBroken);
}

/// Two writers of a key each, two readers, results at random.
history::History random_history(std::mt19937& random) {
  Script script;
  std::vector<history::Position> free(4, 0);
  std::vector<int> last(2, 0);
  std::set<std::size_t> gone;
  history::Position now = 0;
  for (int i = 0; i < 7; ++i) {
    const auto process = random() % 4;
    if (gone.contains(process)) continue;
    const auto begin = std::max(free[process], now) + 1;
    const auto end = begin + 1 + static_cast<history::Position>(random() % 4) * 2;
    // Each position once.
    now = begin;
    free[process] = end + 1;
    const auto place = begin * 16 + static_cast<history::Position>(process);
    const auto back = end * 16 + 8 + static_cast<history::Position>(process);
    const char* keys[] = {"a", "b"};
    if (process < 2 && random() % 2 == 0) {
      const bool crashes = random() % 5 == 0;
      script.write(static_cast<int>(process), keys[process], ++last[process], place,
                   crashes ? history::never : back);
      if (crashes) gone.insert(process);
    } else {
      const auto key = random() % 2;
      const auto seen = static_cast<int>(random() % 3);
      script.read(static_cast<int>(process), keys[key], seen == 0 ? Value() : Value(seen), place,
                  back);
    }
  }
  return script.history;
}

TEST(Monotonic, agrees_with_the_linearizability_of_registers) {
  std::mt19937 random(11);
  int invalid = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto history = random_history(random);
    const auto result = check_monotonic(history, {});
    if (result.validity == Validity::unknown) continue;
    EXPECT_EQ(result.validity, check_linearizability(history, Register{}).validity)
        << i << ": " << result.message;
    invalid += result.validity == Validity::invalid ? 1 : 0;
  }
  EXPECT_GT(invalid, 300);
}

std::string broken_by(const Script& script) {
  const auto result = check_sessions(script.history, {});
  if (result.validity == Validity::valid) return "";
  return result.message.substr(0, result.message.find(':'));
}

TEST(Sessions, name_the_guarantee_that_is_broken) {
  EXPECT_EQ(broken_by(Script().write(1, "a", 1, 0).read(1, "a", Value(), 2)), "read your writes");
  EXPECT_EQ(broken_by(Script().write(1, "a", 1, 0).read(2, "a", 1, 2).read(2, "a", Value(), 4)),
            "monotonic reads");
  EXPECT_EQ(broken_by(Script()
                          .write(1, "a", 1, 0)
                          .write(1, "b", 1, 2)
                          .read(2, "b", 1, 4)
                          .read(2, "a", Value(), 6)),
            "monotonic writes");
  EXPECT_EQ(broken_by(Script()
                          .write(1, "a", 1, 0)
                          .read(2, "a", 1, 2)
                          .write(2, "b", 1, 4)
                          .read(3, "b", 1, 6)
                          .read(3, "a", Value(), 8)),
            "writes follow reads");
}

TEST(Sessions, allow_what_another_session_had_seen) {
  EXPECT_EQ(broken_by(Script().write(1, "a", 1, 0).read(2, "a", 1, 2).read(3, "a", Value(), 4)),
            "");
}

TEST(Sessions, a_proof_has_no_more_than_four_operations) {
  const auto result = check_sessions(Script()
                                         .write(1, "a", 1, 0)
                                         .read(2, "a", 1, 2)
                                         .write(2, "b", 1, 4)
                                         .read(3, "b", 1, 6)
                                         .write(3, "c", 1, 8)
                                         .read(4, "c", 1, 10)
                                         .read(4, "a", Value(), 12)
                                         .history,
                                     {});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_LE(result.counterexample->operations.size(), 4U);
}

TEST(LongFork, two_reads_that_disagree_on_the_order_of_two_writes_are_invalid) {
  auto script = Script()
                    .transaction(1, {micro("w", "x", 1)}, 0)
                    .transaction(2, {micro("w", "y", 2)}, 1)
                    .transaction(3, {micro("r", "x", 1), micro("r", "y", Value())}, 4)
                    .transaction(4, {micro("r", "x", Value()), micro("r", "y", 2)}, 5);
  const auto result = check_long_fork(script.history, {});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.counterexample->operations.size(), 4U);
  script.history.operations.pop_back();
  EXPECT_EQ(check_long_fork(script.history, {}).validity, Validity::valid);
}

TEST(LongFork, what_nobody_wrote_is_invalid_and_nothing_read_is_unknown) {
  EXPECT_EQ(
      check_long_fork(
          Script().transaction(3, {micro("r", "x", 1), micro("r", "y", Value())}, 4).history, {})
          .validity,
      Validity::invalid);
  EXPECT_EQ(check_long_fork(Script().transaction(1, {micro("w", "x", 1)}, 0).history, {}).validity,
            Validity::unknown);
  EXPECT_THROW(check_long_fork(Script()
                                   .transaction(1, {micro("w", "x", 1)}, 0)
                                   .transaction(1, {micro("w", "x", 2)}, 2)
                                   .history,
                               {}),
               history::AssumptionBroken);
}

TEST(UniqueIds, an_id_given_twice_is_invalid_with_both_operations) {
  Script script;
  script.operation(1, "generate", "", 0, 1).result = 7;
  script.operation(2, "generate", "", 2, 3).result = 8;
  EXPECT_EQ(check_unique_ids(script.history, {}).validity, Validity::valid);
  script.operation(3, "generate", "", 4, 5).result = 7;
  const auto result = check_unique_ids(script.history, {});
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "client 3 was given the id 7, which client 1 had already");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(UniqueIds, are_unknown_if_none_was_given) {
  Script script;
  script.operation(1, "generate", "", 0, history::never);
  EXPECT_EQ(check_unique_ids(script.history, {}).validity, Validity::unknown);
}

}  // namespace
}  // namespace sunder::checker
