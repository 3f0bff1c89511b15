#include "results/report/operation_columns.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace sunder::results {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::ProcessId;
using history::Time;
using history::Value;
using testing::ElementsAre;

Operation operation(int process, std::string_view f, std::string_view key, Value argument,
                    Value result, Outcome outcome, int invoked_us, int returned_us) {
  Operation made;
  made.process = ProcessId{process};
  made.f = f;
  made.key = key;
  made.argument = std::move(argument);
  made.result = std::move(result);
  made.outcome = outcome;
  made.invoked = history::Position{2} * invoked_us;
  made.invoked_at = std::chrono::microseconds(invoked_us);
  if (outcome != Outcome::info) {
    made.returned = 2 * returned_us + 1;
    made.returned_at = std::chrono::microseconds(returned_us);
  }
  return made;
}

/// Many quick reads of k0, one microsecond apart.
std::vector<Operation> quick_reads(std::size_t count) {
  std::vector<Operation> reads;
  for (std::size_t i = 0; i < count; ++i) {
    const int time = static_cast<int>(i);
    reads.push_back(operation(0, "read", "k0", {}, 1, Outcome::ok, time, time + 2));
  }
  return reads;
}

void expect_all_in(const std::vector<std::size_t>& chosen, const std::vector<std::size_t>& wanted) {
  for (const std::size_t place : wanted) {
    EXPECT_TRUE(std::binary_search(chosen.begin(), chosen.end(), place)) << place;
  }
}

TEST(OperationColumns, each_field_is_a_column) {
  const std::vector<Operation> operations = {
      operation(3, "write", "k1", 17, 17, Outcome::ok, 100, 350),
      operation(4, "read", "k0", {}, 17, Outcome::ok, 120, 150),
      operation(5, "cas", "k1", List{17, 18}, List{17, 18}, Outcome::fail, 130, 131),
      operation(3, "read", "k1", {}, {}, Outcome::info, 400, 0)};
  const std::vector<std::size_t> all = chosen_operations(operations, {});
  EXPECT_EQ(operation_columns(operations, all), nlohmann::ordered_json::parse(R"({
      "total": 4, "complete": true, "f": ["write", "read", "cas"], "keys": ["k1", "k0"],
      "process": [3, 4, 5, 3], "function": [0, 1, 2, 1], "key": [0, 1, 0, 0],
      "outcome": "oofi", "invoked": [100, 20, 10, 270], "latency": [250, 30, 1, -1],
      "argument": {"at": [0, 2], "values": [17, [17, 18]]},
      "result": {"at": [1], "values": [17]}})"));
}

TEST(OperationColumns, an_answer_of_nil_is_told_from_no_other_answer) {
  const std::vector<Operation> operations = {operation(0, "swap", "k", 5, {}, Outcome::ok, 0, 1),
                                             operation(0, "write", "k", 5, 5, Outcome::ok, 2, 3)};
  const auto columns = operation_columns(operations, std::vector<std::size_t>{0, 1});
  EXPECT_THAT(columns["result"]["at"], ElementsAre(0));
  EXPECT_TRUE(columns["result"]["values"][0].is_null());
}

TEST(ChosenOperations, a_few_are_all_chosen) {
  EXPECT_EQ(chosen_operations(quick_reads(most_operations_in_page), {}).size(),
            most_operations_in_page);
}

TEST(ChosenOperations, of_many_the_telling_ones_are_in_the_sample) {
  std::vector<Operation> operations = quick_reads(300'000);
  operations[7] = operation(1, "write", "k0", 1, 1, Outcome::info, 7, 0);
  operations[11] = operation(1, "write", "k0", 1, 1, Outcome::fail, 11, 12);
  operations[13] = operation(1, "read", "k0", {}, 1, Outcome::ok, 13, 99'999);
  for (std::size_t i = 100'000; i < 100'010; ++i) operations[i].key = "k1";
  const std::vector<Operation> culprits = {operations[100'001], operations[100'008]};
  const std::vector<std::size_t> chosen = chosen_operations(operations, culprits);
  EXPECT_LE(chosen.size(), operations_in_sample);
  EXPECT_GT(chosen.size(), operations_in_sample * 9 / 10);
  expect_all_in(chosen, {7, 11, 13, 100'001, 100'004, 100'008});
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  EXPECT_LT(chosen.front(), 100u);
  EXPECT_GT(chosen.back(), 299'900u);
}

TEST(ChosenOperations, a_crashed_culprit_does_not_make_everything_after_it_telling) {
  std::vector<Operation> operations = quick_reads(200'000);
  operations[50] = operation(1, "write", "k0", 1, 1, Outcome::info, 50, 0);
  const std::vector<Operation> culprits = {operations[50], operations[60]};
  const std::vector<std::size_t> chosen = chosen_operations(operations, culprits);
  expect_all_in(chosen, {50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60});
  EXPECT_GT(chosen.back(), 199'900u);
}

TEST(OperationColumns, long_values_are_cut_and_that_is_said) {
  const std::string text(3 * most_value_bytes_in_page, 'x');
  List numbers(200'000, Value(7));
  const std::vector operations = {
      operation(0, "write", "k", Value(text), Value(text), Outcome::ok, 1, 2),
      operation(0, "read", "k", {}, Value(std::move(numbers)), Outcome::ok, 3, 4),
      operation(0, "read", "k", {}, Value(List{1, 2}), Outcome::ok, 5, 6)};
  const auto json = operation_columns(operations, std::vector<std::size_t>{0, 1, 2});
  EXPECT_EQ(json["cut"], most_value_bytes_in_page);
  EXPECT_LT(json.dump().size(), 3 * most_value_bytes_in_page);
  EXPECT_EQ(json["result"]["values"][0].get<std::string>().substr(0, 6), "[7,7,7");
  EXPECT_EQ(json["result"]["values"][1], (nlohmann::ordered_json{1, 2}));
}

TEST(OperationColumns, many_long_values_are_cut_more) {
  std::vector<Operation> operations;
  std::vector<std::size_t> places;
  for (int i = 0; i < 20'000; ++i) {
    places.push_back(operations.size());
    operations.push_back(
        operation(0, "read", "k", {}, Value(std::string(1'500, 'x')), Outcome::ok, i, i + 1));
  }
  const auto json = operation_columns(operations, places);
  EXPECT_LT(json["cut"], 1'500);
  EXPECT_LT(json.dump().size(), most_bytes_of_all_values_in_page + 1'000'000);
}

TEST(OperationColumns, nothing_is_said_of_values_that_are_whole) {
  const std::vector operations = {operation(0, "write", "k", 1, 1, Outcome::ok, 1, 2)};
  EXPECT_FALSE(operation_columns(operations, std::vector<std::size_t>{0}).contains("cut"));
}

TEST(OperationColumns, times_that_go_back_are_put_in_order) {
  const std::vector operations = {operation(0, "read", "a", {}, 1, Outcome::ok, 9, 12),
                                  operation(1, "read", "b", {}, 1, Outcome::ok, 5, 13)};
  const auto json = operation_columns(operations, std::vector<std::size_t>{0, 1});
  EXPECT_THAT(json["invoked"], ElementsAre(5, 4));
  EXPECT_THAT(json["process"], ElementsAre(1, 0));
}

}  // namespace
}  // namespace sunder::results
