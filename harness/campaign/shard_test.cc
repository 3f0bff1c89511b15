#include "harness/campaign/shard.h"

#include <set>
#include <stdexcept>

#include <gmock/gmock.h>

namespace sunder::harness::campaign {
namespace {

std::vector<PlannedRun> runs_taking(const std::vector<double>& seconds) {
  std::vector<PlannedRun> runs;
  for (const double each : seconds) {
    auto& run = runs.emplace_back().record;
    run.seed = runs.size();
    run.expected_seconds = each;
  }
  return runs;
}

TEST(Shard, is_written_k_of_n) {
  const auto shard = parse_shard("2/4");
  EXPECT_EQ(shard.number, 2U);
  EXPECT_EQ(shard.of, 4U);
  for (const char* wrong : {"", "2", "0/4", "5/4", "2/", "/4", "2/4/6", "a/b", "-1/4", "1/99999"}) {
    EXPECT_THROW(parse_shard(wrong), std::invalid_argument) << wrong;
  }
}

TEST(Shard, every_run_is_in_exactly_one) {
  const auto runs = runs_taking({12, 62, 12, 12, 32, 12, 12, 12, 7});
  std::multiset<std::uint64_t> seen;
  for (unsigned number = 1; number <= 4; ++number) {
    for (const auto& run : share_of({number, 4}, runs)) seen.insert(run.record.seed);
  }
  EXPECT_THAT(seen, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(Shard, is_the_same_every_time_and_keeps_the_order) {
  const auto runs = runs_taking({5, 9, 5, 9, 5});
  const auto share = share_of({2, 2}, runs);
  EXPECT_EQ(share, share_of({2, 2}, runs));
  EXPECT_TRUE(std::is_sorted(share.begin(), share.end(), [](const auto& left, const auto& right) {
    return left.record.seed < right.record.seed;
  }));
}

TEST(Shard, no_two_differ_by_more_than_one_run) {
  const auto runs = runs_taking({60, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 30, 30});
  std::vector<double> loads;
  for (unsigned number = 1; number <= 3; ++number) {
    double load = 0;
    for (const auto& run : share_of({number, 3}, runs)) load += run.record.expected_seconds;
    loads.push_back(load);
  }
  EXPECT_THAT(loads, testing::ElementsAre(60, 60, 60));
}

TEST(Shard, one_of_one_is_everything_and_many_may_have_nothing) {
  const auto runs = runs_taking({5, 9});
  EXPECT_EQ(share_of({1, 1}, runs), runs);
  EXPECT_TRUE(share_of({9, 9}, runs).empty());
}

}  // namespace
}  // namespace sunder::harness::campaign
