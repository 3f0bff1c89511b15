// Long histories with 5 % crashed operations: each object is decided without the search, and one
// wrong answer in the middle is proved by a few operations.

#include <functional>

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/catalog.h"

namespace sunder::checker::long_histories_test {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;

constexpr int rounds = 5'000;

/// Calls one behind the other, each with a process of its own unless it is told. Crashed ones stay
/// open.
class Script {
 public:
  void call(std::string_view f, Value asked, Value answered, int process = -1) {
    auto& operation = add(f, std::move(asked), process);
    operation.outcome = Outcome::ok;
    operation.result = std::move(answered);
    operation.returned = at_++;
  }
  void crash(std::string_view f, Value asked, int process = -1) {
    add(f, std::move(asked), process);
  }
  void version(std::int64_t version) {
    history::Answer answer;
    answer.revision = version;
    operations_.back().answer = std::make_shared<const history::Answer>(std::move(answer));
  }
  history::History take() {
    history::History history;
    history.operations = std::move(operations_);
    return history;
  }

 private:
  Operation& add(std::string_view f, Value asked, int process) {
    auto& operation = operations_.emplace_back();
    operation.process = history::ProcessId{process < 0 ? 1'000'000 + at_ : process};
    operation.f = f;
    operation.argument = operation.result = std::move(asked);
    operation.invoked = at_++;
    return operation;
  }

  std::vector<Operation> operations_;
  int at_ = 0;
};

/// Writes one round; the answer is wrong if `is_wrong`.
using Round = std::function<void(Script&, int round, bool is_wrong)>;

void expect_small_proof(std::string_view model, const Parameters& parameters,
                        std::string_view procedure, std::size_t most, const Round& round) {
  for (const bool is_broken : {false, true}) {
    Script script;
    for (int i = 0; i < rounds; ++i) round(script, i, is_broken && i == rounds / 2);
    const auto result = check_linearizability(script.take(), *make_model(model, parameters));
    EXPECT_EQ(result.procedure, procedure) << model;
    ASSERT_EQ(result.validity, is_broken ? Validity::invalid : Validity::valid)
        << model << ": " << result.message;
    if (!is_broken) continue;
    ASSERT_TRUE(result.counterexample.has_value()) << model << ": " << result.message;
    EXPECT_LE(result.counterexample->operations.size(), most) << model << ": " << result.message;
    EXPECT_TRUE(result.counterexample->is_minimal) << model;
  }
}

TEST(LongHistories, locks_are_proved_by_two_acquires) {
  const auto lock = [](bool named, bool tokens) {
    return [named, tokens](Script& script, int i, bool is_wrong) {
      const int client = i % 10;
      const Value owner = named ? Value("c" + std::to_string(client)) : Value();
      const auto acquire = [&](int process, const Value& who) {
        script.call("acquire", who, tokens ? Value(2 * i + (process == 99 ? 1 : 0)) : who, process);
      };
      if (i % 10 == 3) script.crash("acquire", named ? Value("x" + std::to_string(i)) : Value());
      acquire(client, owner);
      if (is_wrong) acquire(99, named ? Value("c99") : Value());
      script.call("release", owner, owner, client);
    };
  };
  expect_small_proof("mutex", {}, "lazy sweep", 2, lock(false, false));
  expect_small_proof("semaphore", {{"permits", 1}}, "lazy sweep", 2, lock(false, false));
  expect_small_proof("owned-mutex", {}, "holds", 2, lock(false, false));
  expect_small_proof("owned-mutex", {}, "holds", 2, lock(true, false));
  expect_small_proof("owned-semaphore", {}, "holds", 2, lock(true, false));
  expect_small_proof("fenced-mutex", {}, "tokens", 2, lock(true, true));
}

TEST(LongHistories, a_counter_is_proved_between_two_reads) {
  int sum = 0;
  const auto counter = [&sum](Script& script, int i, bool is_wrong) {
    if (i == 0) sum = 0;
    if (i % 10 == 3) script.crash("add", 1);
    script.call("add", 1, 1);
    script.call("read", {}, is_wrong ? sum : sum + 1);
    ++sum;
  };
  expect_small_proof("counter", {}, "lazy sweep", 3, counter);
}

TEST(LongHistories, a_set_with_remove_is_proved_by_one_element) {
  const auto set = [](Script& script, int i, bool is_wrong) {
    if (i % 10 == 3) script.crash("add", -i);
    script.call("add", i, i);
    if (i > 0) script.call("remove", i - 1, i - 1);
    script.call("read", {}, is_wrong ? List{} : List{i});
  };
  expect_small_proof("set", {}, "lazy sweep", 3, set);
}

TEST(LongHistories, a_bank_is_proved_by_two_reads_and_what_lies_between) {
  int first = 50;
  const auto bank = [&first](Script& script, int i, bool is_wrong) {
    if (i == 0) first = 50;
    const int amount = 1 + i % 3;
    const bool goes_out = i % 2 == 0;
    script.call(
        "transfer",
        history::Object{
            {"from", goes_out ? "a" : "b"}, {"to", goes_out ? "b" : "a"}, {"amount", amount}},
        {});
    first += goes_out ? -amount : amount;
    const int shown = is_wrong ? first + amount : first;
    script.call("read", {}, history::Object{{"a", shown}, {"b", 100 - shown}});
  };
  expect_small_proof("bank", {{"total", 100}}, "balances", 3, bank);
}

TEST(LongHistories, versions_are_proved_by_a_write_and_a_read) {
  const auto versions = [](Script& script, int i, bool is_wrong) {
    if (i % 10 == 3) script.crash("write", -i);
    script.call("write", i, i);
    script.version(i + 1);
    script.call("read", {}, is_wrong ? i - 1 : i);
    script.version(is_wrong ? i : i + 1);
  };
  expect_small_proof("versioned-register", {}, "versions", 3, versions);
}

}  // namespace
}  // namespace sunder::checker::long_histories_test
