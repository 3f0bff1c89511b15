#include "checker/budget.h"

#include <ctime>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "checker/linearizability/explain.h"
#include "checker/linearizability/linearizable.h"
#include "checker/models/catalog.h"
#include "checker/models/counter.h"
#include "checker/models/players_test.h"
#include "checker/models/queue.h"
#include "checker/models/set.h"
#include "testing/temporary_file.h"

namespace sunder::checker {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using std::chrono::milliseconds;
using testing::HasSubstr;

/// The time that this process computed: on a busy machine the time on the wall proves nothing.
double computed_seconds() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

/// The most memory that the process held since the last call.
std::size_t peak_kib_since_last_call() {
  std::size_t kib = 0;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) kib = std::stoul(line.substr(6));
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kib;
}

history::History history_of(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return history;
}

Operation completed(std::string_view f, Value argument, Value result, history::Position invoked) {
  Operation operation;
  operation.f = f;
  operation.argument = std::move(argument);
  operation.result = std::move(result);
  operation.outcome = Outcome::ok;
  operation.invoked = invoked;
  operation.returned = invoked + 1;
  return operation;
}

/// One after the other, then a read that misses the first element.
std::vector<Operation> adds_and_a_lost_element(int count) {
  std::vector<Operation> operations;
  List seen;
  for (int i = 0; i < count; ++i) {
    operations.push_back(completed("add", i, i, history::Position{2} * i));
    if (i > 0) seen.push_back(i);
  }
  operations.push_back(completed("read", {}, seen, history::Position{2} * count));
  return operations;
}

TEST(Budget, a_spent_one_says_why) {
  EXPECT_EQ(Budget().why_spent(), nullptr);
  EXPECT_STREQ(Budget(milliseconds(0), SIZE_MAX).why_spent(), "time ran out");
  EXPECT_STREQ(Budget(milliseconds(60'000), 1, Budget::Counted::whole_process).why_spent(),
               "memory ran out");
  EXPECT_THROW(Budget(milliseconds(60'000), 1 << 20).expect(std::size_t{1} << 30), BudgetSpent);
}

TEST(Budget, every_model_keeps_its_time) {
  for (const auto& entry : model_catalog()) {
    for (const int clients : {6, 30}) {
      Random random(5);
      Shape shape;
      shape.operations = 3'000;
      shape.clients = clients;
      shape.crash_percent = 10;
      shape.domain = 4;
      const auto history = history_of(random_history_of(entry.name, random, shape));
      const auto begin = computed_seconds();
      LinearizabilityOptions options;
      options.threads = 1;
      options.budget = Budget(milliseconds(100), std::size_t{1} << 30);
      const auto result = check_linearizability(history, *entry.make({}), options);
      EXPECT_LT(computed_seconds() - begin, 0.1 + 0.5) << entry.name << ": " << result.message;
    }
  }
}

/// As many equal elements, enqueued one after the other: each makes a queue of its own.
history::History growing_queue(int count) {
  std::vector<Operation> operations;
  for (int i = 0; i < count; ++i) {
    operations.push_back(completed("enqueue", 1, 1, history::Position{2} * i));
  }
  return history_of(std::move(operations));
}

/// Elements of 1 MiB, enqueued one after the other, and an answer that nobody enqueued.
history::History large_elements(int count) {
  std::vector<Operation> operations;
  for (int i = 0; i < count; ++i) {
    const Value large(std::string(1 << 20, static_cast<char>('a' + i % 2)));
    operations.push_back(completed("enqueue", large, large, history::Position{2} * i));
  }
  operations.push_back(completed("dequeue", {}, 1, history::Position{2} * count));
  return history_of(std::move(operations));
}

struct Measured {
  CheckResult result;
  std::size_t grown_bytes = 0;
};

template <typename M>
Measured check_measured(const history::History& history, const M& model, std::size_t memory_bytes) {
  peak_kib_since_last_call();
  const auto before = peak_kib_since_last_call();
  LinearizabilityOptions options;
  options.threads = 1;
  options.budget = Budget(milliseconds(60'000), memory_bytes);
  auto result = check_linearizability(history, model, options);
  return {std::move(result), (peak_kib_since_last_call() - before) << 10};
}

TEST(Budget, states_as_large_as_the_history_keep_the_memory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own memory counts here";
#endif
  constexpr std::size_t limit = std::size_t{48} << 20;
  const auto [result, grown] = check_measured(growing_queue(3'000), Queue{}, limit);
  EXPECT_EQ(result.validity, Validity::unknown);
  EXPECT_THAT(result.message, HasSubstr("memory ran out: the first "));
  EXPECT_LT(grown, limit + limit / 5) << result.message;
}

TEST(Budget, a_proof_of_large_values_holds_them_once) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own memory counts here";
#endif
  constexpr std::size_t limit = std::size_t{10} << 20;
  const auto [result, grown] = check_measured(large_elements(50), Queue{}, limit);
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_THAT(result.message, HasSubstr("dequeue returned 1"));
  EXPECT_LT(grown, limit) << result.message;
}

TEST(Budget, an_invalid_history_stays_invalid_when_the_time_for_its_proof_is_over) {
  const ErasedModelOf<Counter> model{Counter{}};
  auto operations = adds_and_a_lost_element(60);
  for (auto& operation : operations) operation.argument = operation.result = 1;
  // Of two signs, so that no count of them is the proof.
  operations.front().argument = operations.front().result = -1;
  operations.back().argument = {};
  operations.back().result = 57;
  const auto decision = decide(pointers_to(operations), model, {});
  ASSERT_EQ(decision.validity, Validity::invalid);
  const auto proof = explain(decision.conflict, model, Budget(milliseconds(0), SIZE_MAX));
  EXPECT_EQ(proof.operations.size(), operations.size());
  EXPECT_FALSE(proof.is_minimal);
  EXPECT_THAT(proof.sentence, HasSubstr("no order of these 61 operations explains"));
}

TEST(Budget, one_lost_element_among_hundreds_is_invalid_in_time) {
  const auto history = history_of(adds_and_a_lost_element(500));
  const auto begin = computed_seconds();
  LinearizabilityOptions options;
  options.threads = 1;
  options.budget = Budget(milliseconds(1'500), std::size_t{1} << 30);
  const auto result = check_linearizability(history, Set{}, options);
  EXPECT_EQ(result.validity, Validity::invalid) << result.message;
  EXPECT_LT(computed_seconds() - begin, 1.5 + 0.5);
}

TEST(Budget, a_history_that_takes_too_long_to_read_is_not_read_to_its_end) {
  std::string lines;
  for (int i = 0; i < 1'000; ++i) {
    lines += R"({"process":0,"type":"invoke","f":"read"})"
             "\n";
    lines += R"({"process":0,"type":"ok","f":"read"})"
             "\n";
  }
  const TemporaryFile file(lines);
  Budget budget(milliseconds(0), SIZE_MAX);
  EXPECT_THROW(history::read_history(file.path(), budget), BudgetSpent);
}

}  // namespace
}  // namespace sunder::checker
