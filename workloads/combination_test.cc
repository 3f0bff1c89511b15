#include "workloads/combination.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "workloads/generators_test.h"

namespace sunder::workloads {
namespace {

using history::EventType;

TEST(Combination, draws_from_all_workloads_on_keys_of_their_own) {
  const auto generator = generator_of("register+append+unique-ids", {7, 2, 2});
  std::set<std::string> keys;
  for (const auto& call : calls(*generator, Worker{1}, 300)) keys.insert(call.key);
  EXPECT_EQ(keys,
            (std::set<std::string>{"", "append.k1", "append.k2", "register.k1", "register.k2"}));
}

TEST(Combination, its_mix_weighs_workloads_and_their_operations) {
  GeneratorOptions options{7, 1, 1};
  options.mix = {{"append", 0}, {"register.read", 0}};
  const auto made = counts(*generator_of("register+append", options), Worker{0}, 200);
  EXPECT_FALSE(made.contains("append"));
  EXPECT_FALSE(made.contains("read"));
  options.mix = {{"set.read", 1}};
  EXPECT_THROW(generator_of("register+append", options), std::invalid_argument);
}

TEST(Combination, tells_each_generator_what_became_of_its_calls) {
  const auto generator = generator_of("register+append", {7, 1, 1});
  generator->completed(Worker{0}, {"read", "register.k1", {}}, {EventType::ok, 41, {}});
  const auto made = calls(*generator, Worker{0}, 200);
  EXPECT_TRUE(std::any_of(made.begin(), made.end(), [](const Call& call) {
    return call.f == "cas" && call.key == "register.k1";
  }));
}

TEST(Combination, refuses_what_could_not_be_told_apart) {
  EXPECT_THROW(find_workloads("bank+unique-ids"), std::invalid_argument);
  EXPECT_THROW(find_workloads("register+register"), std::invalid_argument);
  EXPECT_THROW(find_workloads("register+"), std::invalid_argument);
}

history::Operation operation(const char* f, const char* key) {
  history::Operation made;
  made.f = f;
  made.key = key;
  return made;
}

TEST(Combination, parts_a_history_by_the_names_in_front_of_keys) {
  history::History history;
  history.operations = {operation("open", ""), operation("read", "register.k1"),
                        operation("read", ""), operation("append", "append.k1")};
  const auto workloads = find_workloads("append+bank+register");
  const auto parts = part(history, workloads);
  EXPECT_EQ(parts[0].operations.at(0).f, "append");
  EXPECT_EQ(parts[1].operations.size(), 1U);
  EXPECT_EQ(parts[2].operations.at(0).key, "register.k1");
  history.operations.push_back(operation("read", "k1"));
  EXPECT_THROW(part(history, find_workloads("append+register")), history::AssumptionBroken);
}

}  // namespace
}  // namespace sunder::workloads
