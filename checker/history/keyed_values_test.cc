#include "checker/history/keyed_values.h"

#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

History read_with(Keys keys, const std::string& edn) {
  const TemporaryFile file(edn);
  Interpretation interpretation;
  interpretation.keys = keys;
  checker::Budget budget;
  return read_foreign_history(file.path(), interpretation, budget);
}

constexpr const char* keyed =
    "{:process 0, :type :invoke, :f :write, :value [7 1]}\n"
    "{:process 0, :type :ok, :f :write, :value [7 1]}\n"
    "{:process 0, :type :invoke, :f :cas, :value [7 [1 2]]}\n"
    "{:process 0, :type :fail, :f :cas, :value [7 [1 2]]}\n"
    "{:process 1, :type :invoke, :f :read, :value [\"7\" nil]}\n"
    "{:process 1, :type :ok, :f :read, :value [\"7\" 5]}\n";

TEST(KeyedValues, are_taken_apart_if_all_values_are_pairs) {
  const auto history = read_with(Keys::automatic, keyed);
  EXPECT_EQ(history.operations.at(0).key, "7");
  EXPECT_EQ(history.operations.at(0).result, Value(1));
  EXPECT_EQ(to_json(history.operations.at(1).argument), "[1,2]");
  EXPECT_EQ(history.operations.at(2).key, "\"7\"");
  EXPECT_EQ(history.operations.at(2).result, Value(5));
  EXPECT_EQ(history.assumptions, std::vector<std::string>{"values are [key value]"});
}

TEST(KeyedValues, one_value_that_is_no_pair_shows_that_the_pairs_are_values) {
  for (const auto* other : {"{:process 2, :type :invoke, :f :read, :value nil}\n",
                            "{:process 2, :type :invoke, :f :write, :value 3}\n",
                            "{:process 2, :type :invoke, :f :cas, :value [1 2]}\n",
                            "{:process 2, :type :invoke, :f :write, :value [nil 2]}\n"}) {
    const auto history = read_with(Keys::automatic, std::string(keyed) + other);
    EXPECT_EQ(history.operations.at(0).key, "") << other;
    EXPECT_EQ(to_json(history.operations.at(0).argument), "[7,1]") << other;
    EXPECT_TRUE(history.assumptions.empty()) << other;
  }
}

TEST(KeyedValues, the_user_may_know_better) {
  EXPECT_EQ(read_with(Keys::none, keyed).operations.at(0).key, "");
  EXPECT_EQ(to_json(read_with(Keys::field, keyed).operations.at(0).argument), "[7,1]");
  EXPECT_THROW(read_with(Keys::pairs, "{:process 0, :type :invoke, :f :write, :value 3}\n"),
               AssumptionBroken);
}

}  // namespace
}  // namespace sunder::history
