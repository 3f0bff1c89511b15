// Registers from history to findings, against brute force and by hand.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "checker/isolation/brute_force_test.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/random_transactions_test.h"
#include "checker/isolation/revision_order.h"
#include "checker/isolation/small_history_test.h"

namespace sunder::checker::isolation::registers_test {

namespace {

using namespace small_history_test;
using brute_force_test::Allowed;
using stores_test::Kind;

constexpr int x = 1;
constexpr int y = 2;

IsolationReport judge(const SmallHistory& small) {
  const auto history = to_history(small);
  return find_isolation(history, transactions_of(history));
}

const LevelFinding& finding_on(const IsolationReport& report, Level level) {
  return *std::find_if(report.levels.begin(), report.levels.end(),
                       [&](const LevelFinding& each) { return each.level == level; });
}

std::string strongest(const IsolationReport& report) {
  std::string text;
  for (const auto level : report.strongest) text += (text.empty() ? "" : ", ") + name_of(level);
  return text;
}

/// How often a level that brute force does not allow was left open, by level.
template <typename IsAbout>
std::map<std::string, int> misses_of(Kind kind, int histories, const IsAbout& is_about) {
  std::map<std::string, int> misses;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed) * 7 + 3);
    const auto small = random_transactions_test::random_transactions(random, kind);
    const Allowed allowed(small);
    const auto report = judge(small);
    const bool is_anything_ok = std::any_of(
        small.begin(), small.end(), [](const Small& each) { return each.outcome == Outcome::ok; });
    for (const auto& each : report.levels) {
      if (!is_anything_ok || !is_about(each.level)) continue;
      const bool is_allowed = allowed.allows(each.level);
      const auto place =
          "seed " + std::to_string(seed) + ": " + name_of(each.level) + "\n" + to_lines(small);
      if (each.finding == Finding::ruled_out) {
        const auto& anomaly = report.anomalies[each.anomaly];
        EXPECT_FALSE(is_allowed) << anomaly.name << ": " << anomaly.sentence << "\n" << place;
      } else if (each.finding == Finding::proved) {
        EXPECT_TRUE(is_allowed) << "proved, " << place;
      } else {
        ++misses[name_of(each.level) + (is_allowed ? " allowed" : " forbidden")];
      }
      if (testing::Test::HasFailure()) return misses;
    }
  }
  return misses;
}

TEST(Registers, every_level_is_decided_as_by_brute_force) {
  const auto misses = misses_of(Kind::registers, 400, [](Level) { return true; });
  for (const auto& [level, count] : misses) {
    // What a session saw of unanswered transactions is open to interpretation.
    const bool is_session = level_named(level.substr(0, level.find(' '))).model <= Model::pram;
    EXPECT_TRUE(is_session && count < 20) << level << " open: " << count;
  }
}

TEST(Registers, a_client_that_reads_what_it_had_overwritten_breaks_its_session) {
  const auto report = judge(
      {ok(0, 0, 1, {write(x, 1)}), ok(0, 2, 3, {write(x, 2)}), ok(0, 4, 5, {read_register(x, 1)})});
  // The order of the client's writes and its read contradict each other only together.
  EXPECT_EQ(strongest(report),
            "monotonic-reads, read-your-writes, strong-read-committed, serializable");
  const auto& finding = finding_on(report, {Model::pram, Order::values});
  ASSERT_EQ(finding.finding, Finding::ruled_out);
  EXPECT_EQ(report.anomalies[finding.anomaly].sentence,
            "At key 1: T1 wrote 1, and then T2 of its client wrote 2; T2 wrote 2, and then T3 of "
            "its client read 1");
}

// elle's issue 47: each transaction is answered before the next one begins, and one reads what had
// been overwritten. Orders of versions by real time must not reach the levels without it.
TEST(Registers, a_stale_read_rules_out_levels_of_real_time_only) {
  const auto report = judge(one_by_one({{write(x, 1)}, {write(x, 2)}, {read_register(x, 1)}}));
  EXPECT_EQ(strongest(report), "strong-read-committed, strong-session-serializable");
  const auto& finding = finding_on(report, {Model::serializable, Order::real_time});
  ASSERT_EQ(finding.finding, Finding::ruled_out);
  EXPECT_EQ(report.anomalies[finding.anomaly].sentence,
            "T3's read of 1 at key 1 did not see T2's write of 2 (behind T1's), because T1 had "
            "completed before T2 was invoked; T2 had completed (line 4) before T3 was invoked "
            "(line 5)");
}

/// The small history with a revision in each answer.
IsolationReport judge_with_revisions(const SmallHistory& small,
                                     const std::vector<std::int64_t>& revisions,
                                     bool is_claimed_order) {
  auto history = to_history(small);
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    auto answer = std::make_shared<history::Answer>();
    answer->revision = revisions[i];
    history.operations[i].answer = std::move(answer);
  }
  const auto transactions = transactions_of(history);
  const auto claimed = revision_order_of(transactions, ListOrders(transactions));
  EXPECT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed && claimed->contradiction.empty(), is_claimed_order);
  return find_isolation(history, transactions);
}

TEST(Registers, revisions_of_answers_are_an_order_that_proves) {
  // A read has the revision of the last update, and an unanswered write has none.
  const SmallHistory small = {ok(0, 0, 6, {write(x, 1)}), ok(1, 1, 7, {write(x, 2)}),
                              info(2, 2, {write(x, 3)}), ok(3, 3, 8, {read_register(x, 3)}),
                              ok(4, 4, 9, {read_register(x, 1)})};
  const auto report = judge_with_revisions(small, {7, 5, 0, 6, 7}, true);
  EXPECT_EQ(strongest(report), "strict-serializable");
}

TEST(Registers, revisions_against_real_time_prove_no_strict_order_and_break_nothing) {
  const SmallHistory small = one_by_one({{write(x, 1)}, {read_register(x, 1)}, {write(y, 1)}});
  // The values are strictly serializable whatever the numbers say.
  EXPECT_EQ(strongest(judge_with_revisions(small, {5, 6, 4}, false)), "strict-serializable");
}

TEST(Registers, revisions_of_reads_that_do_not_match_prove_nothing) {
  const SmallHistory small = one_by_one({{write(x, 1)}, {write(x, 2)}, {read_register(x, 1)}});
  EXPECT_EQ(strongest(judge_with_revisions(small, {1, 2, 3}, false)),
            "strong-read-committed, strong-session-serializable");
}

bool is_of_cycles_with_rw(Level level) {
  return level.model == Model::consistent_view || level.model == Model::snapshot_isolation ||
         level.model == Model::repeatable_read || level.model == Model::serializable;
}

TEST(Registers, beside_lists_the_levels_of_cycles_are_decided_as_by_brute_force) {
  for (const auto& [level, count] : misses_of(Kind::mixed, 200, is_of_cycles_with_rw)) {
    ADD_FAILURE() << level << " open: " << count;
  }
}

TEST(Registers, appends_that_no_read_shows_are_decided_at_snapshot_isolation) {
  for (const auto& [level, count] : misses_of(Kind::lists, 200, is_of_cycles_with_rw)) {
    ADD_FAILURE() << level << " open: " << count;
  }
}

}  // namespace

}  // namespace sunder::checker::isolation::registers_test
