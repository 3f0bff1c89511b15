// Histories that are large, or odd in every way that a file permits: they are judged, refused or
// left open, in time.

#include <chrono>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "checker/isolation/comparison_test.h"
#include "checker/isolation/stores_test.h"

namespace sunder::checker::isolation::hostile_transactions_test {

namespace {

using namespace small_history_test;
using history::List;
using history::Value;
using Clock = std::chrono::steady_clock;

std::string finding_at(const IsolationReport& report, std::string_view level) {
  for (const auto& found : report.levels) {
    if (found.level == level_named(level)) return std::string(name_of(found.finding));
  }
  return "";
}

/// One client appends each value to one key, another one reads all.
IsolationReport report_of_values(const std::vector<Value>& values, const Value& key) {
  history::History history;
  const auto add = [&](List steps) {
    auto& operation = history.operations.emplace_back();
    operation.process = history::ProcessId{0};
    operation.f = "txn";
    operation.outcome = Outcome::ok;
    operation.argument = operation.result = std::move(steps);
    operation.invoked = 2 * static_cast<Position>(history.operations.size());
    operation.returned = operation.invoked + 1;
  };
  for (const auto& value : values) add({List{"append", key, value}});
  add({List{"r", key, List(values)}});
  return find_isolation(history, transactions_of(history));
}

TEST(HostileTransactions, values_of_every_kind_are_told_apart) {
  Value deep = 1;
  for (int i = 0; i < 90; ++i) deep = List{deep};
  const std::vector<Value> values{1,
                                  "1",
                                  true,
                                  false,
                                  "true",
                                  -1,
                                  0,
                                  1.5,
                                  std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min(),
                                  "",
                                  "[1]",
                                  List{1},
                                  List{},
                                  history::Object{{"a", 1}},
                                  deep,
                                  std::string(100'000, 'x')};
  EXPECT_EQ(finding_at(report_of_values(values, "x"), "strict-serializable"), "proved");
  EXPECT_EQ(finding_at(report_of_values({1, 2}, List{1, "a"}), "strict-serializable"), "proved");
}

/// T1 ww T2 ww ... ww Tn at key 1, and the last one did not see the first one's append to key 2.
SmallHistory ring(int length) {
  SmallHistory history;
  std::vector<int> list;
  for (int i = 1; i <= length; ++i) {
    list.push_back(i);
    std::vector<Micro> steps{append(1, i)};
    if (i == 1) steps.push_back(append(2, 1));
    if (i == length) steps.push_back(read(2, {}));
    history.push_back(ok(i, i, length + 1 + i, std::move(steps)));
  }
  history.push_back(ok(0, length + 1, 2 * length + 2, {read(1, list), read(2, {1})}));
  close_ranks(history);
  return history;
}

TEST(HostileTransactions, a_cycle_through_thousands_of_transactions_is_found) {
  const auto report = comparison_test::report_of(ring(5'000));
  EXPECT_EQ(finding_at(report, "consistent-view"), "ruled out");
  EXPECT_EQ(finding_at(report, "read-committed"), "proved");
  ASSERT_FALSE(report.anomalies.empty());
  EXPECT_EQ(report.anomalies.front().name, "G-single");
}

TEST(HostileTransactions, a_transaction_of_ten_thousand_steps_is_judged) {
  std::vector<Micro> steps;
  std::vector<int> list;
  for (int i = 1; i <= 10'000; ++i) {
    steps.push_back(append(1 + i % 100, i));
    if (i % 100 == 0) list.push_back(i);
  }
  EXPECT_EQ(finding_at(comparison_test::report_of(one_by_one({steps, {read(1, list)}})),
                       "strict-serializable"),
            "proved");
  list.pop_back();
  EXPECT_EQ(finding_at(comparison_test::report_of(one_by_one({steps, {read(1, list)}})),
                       "read-committed"),
            "ruled out");
}

TEST(HostileTransactions, one_client_alone_is_strict) {
  SmallHistory history;
  std::vector<int> list;
  for (int i = 1; i <= 2'000; ++i) {
    history.push_back(ok(0, 2 * i, 2 * i + 1, {read(1 + i / 50, list), append(1 + i / 50, i)}));
    list.push_back(i);
    if ((i + 1) % 50 == 0) list.clear();
  }
  EXPECT_EQ(finding_at(comparison_test::report_of(history), "strict-serializable"), "proved");
}

TEST(HostileTransactions, without_an_answer_nothing_is_ruled_out) {
  SmallHistory history;
  for (int i = 0; i < 1'000; ++i) history.push_back(info(i, i, {append(1, i + 1), read(1, {})}));
  for (const auto& found : comparison_test::report_of(history).levels) {
    EXPECT_EQ(found.finding, Finding::not_ruled_out);
  }
}

TEST(HostileTransactions, empty_transactions_are_no_trouble) {
  const auto report =
      comparison_test::report_of(one_by_one({{}, {append(1, 1)}, {}, {read(1, {1})}}));
  EXPECT_EQ(finding_at(report, "strict-serializable"), "proved");
}

/// Blind writes of many clients at once to two registers, and a read of both behind each round.
SmallHistory open_registers(int rounds, int clients) {
  Random random(1);
  SmallHistory history;
  Position begin = 0;
  for (int round = 0; round < rounds; ++round) {
    const int first = round * clients + 1;
    for (int client = 0; client < clients; ++client) {
      history.push_back(ok(client, begin + client, begin + clients + client,
                           {write(1, first + client), write(2, first + client)}));
    }
    begin += 2 * clients;
    history.push_back(ok(0, begin, begin + 1,
                         {read_register(1, first + random.below(clients)),
                          read_register(2, first + random.below(clients))}));
    begin += 2;
  }
  return history;
}

TEST(HostileTransactions, a_budget_of_100_ms_ends_a_check_of_open_orders_in_time) {
  const auto history = to_history(open_registers(60, 60));
  const auto transactions = transactions_of(history);
  IsolationOptions options;
  options.budget = Budget(std::chrono::milliseconds(100), SIZE_MAX);
  const auto begin = Clock::now();
  const auto report = find_isolation(history, transactions, options);
  // Sanitizers and a loaded machine are slow.
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
  EXPECT_NE(finding_at(report, "strict-serializable"), "proved");
}

TEST(HostileTransactions, a_budget_that_is_spent_at_once_rules_out_nothing_that_is_true) {
  Random random(7);
  stores_test::PlayShape shape;
  shape.transactions = 2'000;
  const auto small = stores_test::play(random, stores_test::Store::strict, shape);
  const auto history = to_history(small);
  IsolationOptions options;
  options.budget = Budget(std::chrono::milliseconds(0), SIZE_MAX);
  const auto report = find_isolation(history, transactions_of(history), options);
  for (const auto& found : report.levels) EXPECT_NE(found.finding, Finding::ruled_out);
}

}  // namespace

}  // namespace sunder::checker::isolation::hostile_transactions_test
