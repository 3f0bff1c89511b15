#include "checker/linearizability/staleness.h"

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;

Operation aged(std::string_view f, Value value, int invoked, int returned) {
  auto operation = operation_at(f, std::move(value), invoked, returned);
  operation.invoked_at = std::chrono::milliseconds(10 * invoked);
  operation.returned_at = std::chrono::milliseconds(10 * returned);
  return operation;
}

std::vector<StaleRead> stale(const std::vector<Operation>& operations) {
  Budget budget;
  const auto pointers = pointers_to(operations);
  return stale_reads(pointers, {}, budget);
}

TEST(Staleness, counts_from_the_first_return_of_a_write_that_certainly_came_later) {
  const std::vector<Operation> operations = {aged("write", 1, 0, 1), aged("write", 2, 2, 3),
                                             aged("write", 3, 4, 9), aged("write", 4, 5, 6),
                                             aged("read", 1, 7, 8)};
  const auto found = stale(operations);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text_of(found[0].stale), "stale by 40.0 ms and 2 writes");
}

TEST(Staleness, a_value_that_may_have_been_written_again_is_not_stale) {
  EXPECT_TRUE(
      stale({aged("write", 1, 0, -1), aged("write", 2, 1, 2), aged("read", 1, 3, 4)}).empty());
  EXPECT_TRUE(
      stale({aged("write", 1, 0, 3), aged("write", 2, 1, 2), aged("read", 1, 4, 5)}).empty());
  EXPECT_TRUE(stale({aged("write", 2, 0, 1), aged("read", 9, 2, 3)}).empty());
}

TEST(Staleness, the_initial_value_is_older_than_every_write) {
  EXPECT_EQ(stale({aged("write", 2, 0, 1), aged("read", {}, 2, 3)}).size(), 1U);
}

TEST(Staleness, the_figures_of_a_history_are_its_median_and_maximum) {
  std::vector<StaleRead> reads;
  for (const int each : {5, 1, 9}) {
    reads.push_back({nullptr, {std::chrono::milliseconds(each), std::size_t(10 - each)}});
  }
  const auto figures = staleness_of(reads);
  ASSERT_TRUE(figures.has_value());
  EXPECT_EQ(figures->reads, 3U);
  EXPECT_EQ(figures->median.age, std::chrono::milliseconds(5));
  EXPECT_EQ(figures->max.age, std::chrono::milliseconds(9));
  EXPECT_EQ(figures->max.writes, 9U);
  EXPECT_FALSE(staleness_of({}).has_value());
}

TEST(Staleness, a_history_with_a_stale_read_is_never_linearizable) {
  int found = 0;
  for (int seed = 0; seed < differential_histories(); ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.domain = seed % 2 == 0 ? 0 : 3;
    const auto operations = random_register_history(random, shape);
    if (stale(operations).empty()) continue;
    ++found;
    ASSERT_FALSE(BruteForce(Register{}, operations).is_linearizable()) << to_text(operations);
  }
  EXPECT_GT(found, differential_histories() / 200);
}

}  // namespace
}  // namespace sunder::checker
