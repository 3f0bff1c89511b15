// The brute force against the textbook's histories, and against what implies what.

#include <gtest/gtest.h>

#include "checker/isolation/brute_force_test.h"
#include "checker/isolation/random_transactions_test.h"

namespace sunder::checker::isolation::brute_force_levels_test {

namespace {

using namespace small_history_test;
using brute_force_test::Allowed;

constexpr int x = 1;
constexpr int y = 2;

/// The strongest levels that allow it, "read-atomic, causal".
std::string strongest(const SmallHistory& history) {
  const Allowed allowed(history);
  std::string text;
  for (const auto level : all_levels()) {
    if (!allowed.allows(level)) continue;
    bool is_implied = false;
    for (const auto other : all_levels()) {
      is_implied = is_implied || (other != level && allowed.allows(other) && implies(other, level));
    }
    if (!is_implied) text += (text.empty() ? "" : ", ") + name_of(level);
  }
  return text;
}

/// Two at a time, of different clients.
SmallHistory together(std::vector<Micro> first, std::vector<Micro> second) {
  return {ok(0, 0, 2, std::move(first)), ok(1, 1, 3, std::move(second))};
}

TEST(BruteForce, write_skew_is_snapshot_isolation) {
  EXPECT_EQ(strongest(together({read(x, {}), append(y, 1)}, {read(y, {}), append(x, 1)})),
            "strong-snapshot-isolation");
}

TEST(BruteForce, a_lost_update_is_causal) {
  EXPECT_EQ(strongest({ok(0, 0, 3, {read_register(x, 0), write(x, 1)}),
                       ok(1, 1, 2, {read_register(x, 0), write(x, 2)}),
                       ok(2, 4, 5, {read_register(x, 1)})}),
            "strong-read-committed, causal");
}

TEST(BruteForce, a_stale_read_breaks_real_time_alone) {
  EXPECT_EQ(strongest(one_by_one({{append(x, 1)}, {read(x, {})}})),
            "strong-read-committed, strong-session-serializable");
}

TEST(BruteForce, a_client_that_does_not_see_its_write_breaks_sessions) {
  EXPECT_EQ(strongest({ok(0, 0, 1, {append(x, 1)}), ok(0, 2, 3, {read(x, {})})}),
            "monotonic-reads, strong-read-committed, serializable");
}

TEST(BruteForce, a_long_fork_is_causal) {
  EXPECT_EQ(strongest({ok(0, 0, 4, {append(x, 1)}), ok(1, 1, 5, {append(y, 1)}),
                       ok(2, 2, 6, {read(x, {1}), read(y, {})}),
                       ok(3, 3, 7, {read(x, {}), read(y, {1})})}),
            "causal, strong-consistent-view");
}

TEST(BruteForce, half_of_a_transaction_is_seen) {
  EXPECT_EQ(strongest({ok(0, 0, 3, {append(x, 1), append(y, 1)}),
                       ok(1, 1, 2, {read(x, {1}), read(y, {})})}),
            "pram, strong-read-committed, cursor-stability");
}

TEST(BruteForce, writes_in_two_orders_are_no_isolation_at_all) {
  EXPECT_EQ(strongest(one_by_one({{append(x, 1), append(y, 1)},
                                  {append(x, 2), append(y, 2)},
                                  {read(x, {1, 2}), read(y, {2, 1})}})),
            "writes-follow-reads, pram");
}

TEST(BruteForce, a_read_of_an_aborted_write_is_read_uncommitted) {
  EXPECT_EQ(strongest({fail(0, 0, 1, {write(x, 1)}), ok(1, 2, 3, {read_register(x, 1)})}),
            "writes-follow-reads, pram, strong-read-uncommitted");
}

TEST(BruteForce, an_unanswered_write_may_be_read) {
  EXPECT_EQ(strongest({info(0, 0, {append(x, 1)}), ok(1, 1, 2, {read(x, {})}),
                       ok(1, 3, 4, {read(x, {1})})}),
            "strict-serializable");
}

TEST(BruteForce, what_a_level_allows_the_levels_that_it_implies_allow) {
  for (int seed = 0; seed < 600; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    const auto history = random_transactions_test::random_transactions(
        random, static_cast<stores_test::Kind>(seed % 3));
    const Allowed allowed(history);
    for (const auto stronger : all_levels()) {
      if (!allowed.allows(stronger)) continue;
      for (const auto weaker : all_levels()) {
        EXPECT_TRUE(!implies(stronger, weaker) || allowed.allows(weaker))
            << "seed " << seed << ": " << name_of(stronger) << " without " << name_of(weaker)
            << '\n'
            << to_lines(history);
      }
    }
  }
}

}  // namespace

}  // namespace sunder::checker::isolation::brute_force_levels_test
