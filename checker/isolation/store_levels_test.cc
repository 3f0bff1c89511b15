// Long histories of stores that are correct at one level by construction: each gets exactly its
// level.

#include <gtest/gtest.h>

#include "checker/isolation/comparison_test.h"
#include "checker/isolation/stores_test.h"

namespace sunder::checker::isolation::store_levels_test {

namespace {

using stores_test::Kind;
using stores_test::PlayShape;
using stores_test::Store;

constexpr int histories = 6;

Finding finding_of(const IsolationReport& report, Level level) {
  for (const auto& found : report.levels) {
    if (found.level == level) return found.finding;
  }
  return Finding::not_ruled_out;
}

struct Shown {
  int proved = 0;
  std::map<Level, int> broken;
};

void judge(Store store, const PlayShape& shape, int seed, Shown& shown) {
  Random random(static_cast<std::uint64_t>(seed));
  const auto report = comparison_test::report_of(stores_test::play(random, store, shape));
  for (const auto level : stores_test::levels_given_by(store)) {
    const auto finding = finding_of(report, level);
    EXPECT_NE(finding, Finding::ruled_out)
        << stores_test::name_of(store) << ", seed " << seed << ": " << name_of(level) << ", by "
        << (report.anomalies.empty() ? "" : report.anomalies.front().sentence);
    shown.proved += finding == Finding::proved ? 1 : 0;
  }
  for (const auto level : stores_test::levels_broken_by(store)) {
    shown.broken[level] += finding_of(report, level) == Finding::ruled_out ? 1 : 0;
  }
}

void expect_exactly_its_level(Kind kind, int transactions) {
  for (std::size_t i = 0; i < stores_test::store_count; ++i) {
    const auto store = static_cast<Store>(i);
    PlayShape shape;
    shape.transactions = transactions;
    shape.clients = 5;
    shape.keys = 4;
    shape.kind = kind;
    Shown shown;
    for (int seed = 0; seed < histories; ++seed) judge(store, shape, seed, shown);
    // Elements that vanish again leave the order of lists open.
    if (store != Store::read_uncommitted) {
      EXPECT_GT(shown.proved, 0) << stores_test::name_of(store);
    }
    if (transactions < 300) continue;
    for (const auto level : stores_test::levels_broken_by(store)) {
      EXPECT_GE(shown.broken[level], histories / 2)
          << stores_test::name_of(store) << " at " << name_of(level);
    }
  }
}

TEST(StoreLevels, short_histories_of_lists_are_not_ruled_out) {
  expect_exactly_its_level(Kind::lists, 30);
}
TEST(StoreLevels, lists_get_exactly_the_level_of_their_store) {
  expect_exactly_its_level(Kind::lists, 300);
  expect_exactly_its_level(Kind::lists, 3'000);
}
TEST(StoreLevels, a_replica_that_lags_behind_breaks_the_guarantees_of_sessions) {
  Random random(1);
  PlayShape shape;
  shape.transactions = 300;
  const auto report = comparison_test::report_of(stores_test::play(random, Store::replica, shape));
  EXPECT_EQ(finding_of(report, {Model::read_your_writes, Order::values}), Finding::ruled_out);
  EXPECT_EQ(finding_of(report, {Model::monotonic_reads, Order::values}), Finding::ruled_out);
}

TEST(StoreLevels, short_histories_of_registers_are_not_ruled_out) {
  expect_exactly_its_level(Kind::registers, 30);
}
TEST(StoreLevels, registers_get_exactly_the_level_of_their_store) {
  expect_exactly_its_level(Kind::registers, 300);
  expect_exactly_its_level(Kind::registers, 3'000);
}

}  // namespace

}  // namespace sunder::checker::isolation::store_levels_test
