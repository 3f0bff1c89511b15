#include "workloads/choices.h"

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "workloads/generators_test.h"

namespace sunder::workloads {
namespace {

TEST(Choices, follow_the_mix_and_refuse_operations_that_there_are_not) {
  GeneratorOptions options{7, 1, 1};
  options.mix = {{"read", 0}, {"cas", 0}};
  EXPECT_EQ(counts(*generator_of("register", options), Worker{0}, 100),
            (std::map<std::string, int>{{"write", 100}}));
  options.mix = {{"raed", 1}};
  EXPECT_THROW(generator_of("register", options), std::invalid_argument);
  options.mix = {{"read", 0}, {"write", 0}, {"cas", 0}};
  EXPECT_THROW(generator_of("register", options), std::invalid_argument);
}

TEST(Choices, phases_follow_one_another_and_begin_again) {
  GeneratorOptions options{7, 1, 1};
  options.phases = {{10, {{"read", 0}}}, {5, {{"append", 0}}}};
  const auto generator = generator_of("append", options);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(counts(*generator, Worker{0}, 10), (std::map<std::string, int>{{"append", 10}}));
    EXPECT_EQ(counts(*generator, Worker{0}, 5), (std::map<std::string, int>{{"read", 5}}));
  }
  options.phases = {{10, {{"read", 0}, {"append", 0}}}};
  EXPECT_THROW(generator_of("append", options), std::invalid_argument);
}

TEST(Choices, reserved_workers_do_nothing_else) {
  GeneratorOptions options{7, 3, 1};
  options.reserved = {{"read", 2}};
  const auto generator = generator_of("register", options);
  EXPECT_EQ(counts(*generator, Worker{1}, 50), (std::map<std::string, int>{{"read", 50}}));
  EXPECT_GT(counts(*generator, Worker{2}, 50)["write"], 0);
}

TEST(Choices, a_skew_makes_the_first_keys_hot_and_leaves_none_out) {
  GeneratorOptions options{7, 1, 10};
  options.key_skew = 1;
  const auto generator = generator_of("register", options);
  std::map<std::string, int> uses;
  for (const auto& call : calls(*generator, Worker{0}, 3000)) ++uses[call.key];
  EXPECT_EQ(uses.size(), 10U);
  EXPECT_GT(uses["k1"], 5 * uses["k10"]);
}

TEST(Choices, keys_wear_out_and_are_all_read_at_the_end) {
  GeneratorOptions options{7, 2, 3};
  options.ops_per_key = 10;
  const auto generator = generator_of("append", options);
  std::set<std::string> used;
  for (int i = 0; i < 100; ++i) {
    used.insert(generator->next(Worker{0}).key);
    used.insert(generator->next(Worker{1}).key);
  }
  EXPECT_GT(used.size(), 15U);
  for (const auto& call : generator->final_calls()) used.erase(call.key);
  EXPECT_TRUE(used.empty());
}

TEST(Choices, values_have_the_asked_length_and_differ) {
  GeneratorOptions options{7, 2, 1};
  options.value_bytes = 100;
  options.mix = {{"read", 0}};
  const auto generator = generator_of("append", options);
  std::set<std::string> values;
  for (int i = 0; i < 100; ++i) values.insert(*generator->next(Worker{i % 2}).value.text());
  EXPECT_EQ(values.size(), 100U);
  EXPECT_EQ(values.begin()->size(), 100U);
}

}  // namespace
}  // namespace sunder::workloads
