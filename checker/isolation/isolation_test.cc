#include "checker/isolation/isolation.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/isolation/small_history_test.h"

namespace sunder::checker::isolation {

namespace isolation_test {

using namespace small_history_test;

struct Judged {
  history::History history;
  Transactions transactions;
  IsolationReport report;

  explicit Judged(const SmallHistory& small)
      : history(to_history(small)),
        transactions(transactions_of(history)),
        report(find_isolation(history, transactions)) {}

  const LevelFinding& on(const std::string& name) const {
    const auto level = level_named(name);
    for (const auto& each : report.levels) {
      if (each.level == level) return each;
    }
    throw std::logic_error(name);
  }
  std::string finding(const std::string& name) const {
    return std::string(name_of(on(name).finding));
  }
  std::string anomaly(const std::string& name) const {
    const auto& found = on(name);
    if (found.finding != Finding::ruled_out) return "none";
    return report.anomalies[found.anomaly].name;
  }
  std::string sentence(const std::string& anomaly) const {
    for (const auto& each : report.anomalies) {
      if (each.name == anomaly) return each.sentence;
    }
    return "none";
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& each : report.anomalies) names.push_back(each.name);
    return names;
  }
  std::vector<std::string> strongest() const {
    std::vector<std::string> names;
    for (const auto level : report.strongest) names.push_back(name_of(level));
    return names;
  }
};

}  // namespace isolation_test

using namespace isolation_test;
using testing::Contains;
using testing::ElementsAre;

TEST(Isolation, a_serial_history_is_proved_strict_serializable) {
  const Judged judged(
      one_by_one({{append(1, 1)}, {read(1, {1}), append(1, 2)}, {read(1, {1, 2})}}));
  EXPECT_EQ(judged.finding("strict"), "proved");
  EXPECT_EQ(judged.finding("read-your-writes"), "proved");
  EXPECT_THAT(judged.strongest(), ElementsAre("strict-serializable"));
  EXPECT_TRUE(judged.report.anomalies.empty());
}

TEST(Isolation, without_an_ok_transaction_nothing_is_proved) {
  const Judged judged({info(0, 0, {append(1, 1)}), fail(1, 1, 2, {append(1, 2)})});
  EXPECT_EQ(judged.finding("read-uncommitted"), "not ruled out");
  EXPECT_EQ(judged.on("strict").open, "no transaction was answered ok");
}

TEST(Isolation, a_stale_read_names_the_four_micro_operations_and_their_lines) {
  const Judged judged(
      one_by_one({{append(1, 1)}, {append(1, 2)}, {read(1, {1})}, {read(1, {1, 2})}}));
  EXPECT_EQ(judged.finding("serializable"), "proved");
  EXPECT_EQ(judged.anomaly("strict"), "G-single-realtime");
  EXPECT_EQ(judged.sentence("G-single-realtime"),
            "T3's read of [1] at key 1 did not see T2's append of 2; T2 had completed (line 4) "
            "before T3 was invoked (line 5)");
}

TEST(Isolation, write_skew_is_snapshot_isolation_and_no_repeatable_read) {
  const Judged judged({ok(0, 0, 3, {read(1, {}), append(2, 1)}),
                       ok(1, 1, 2, {read(2, {}), append(1, 1)}),
                       ok(2, 4, 5, {read(1, {1}), read(2, {1})})});
  EXPECT_EQ(judged.anomaly("serializable"), "G2-item");
  EXPECT_EQ(judged.anomaly("repeatable-read"), "G2-item");
  EXPECT_EQ(judged.finding("snapshot-isolation"), "proved");
  EXPECT_EQ(judged.finding("strong-snapshot-isolation"), "proved");
}

TEST(Isolation, a_long_fork_breaks_snapshot_isolation_and_not_consistent_view) {
  const Judged judged({ok(0, 0, 4, {append(1, 1)}), ok(1, 1, 5, {append(2, 1)}),
                       ok(2, 2, 6, {read(1, {1}), read(2, {})}),
                       ok(3, 3, 7, {read(1, {}), read(2, {1})})});
  EXPECT_EQ(judged.anomaly("snapshot-isolation"), "G-nonadjacent");
  EXPECT_EQ(judged.finding("consistent-view"), "proved");
}

TEST(Isolation, a_session_violation_is_told_from_one_of_real_time) {
  // Process 0 appends and does not see it; the snapshot is older than its own write.
  const Judged judged(
      {ok(0, 0, 1, {append(1, 1)}), ok(0, 2, 3, {read(1, {})}), ok(1, 4, 5, {read(1, {1})})});
  EXPECT_EQ(judged.finding("serializable"), "proved");
  EXPECT_EQ(judged.anomaly("strong-session-serializable"), "read-your-writes");
  EXPECT_THAT(judged.names(), Contains("G-single-process"));
  const Judged other(
      {ok(0, 0, 1, {append(1, 1)}), ok(2, 2, 3, {read(1, {})}), ok(1, 4, 5, {read(1, {1})})});
  EXPECT_EQ(other.finding("strong-session-serializable"), "proved");
  EXPECT_EQ(other.anomaly("strict"), "G-single-realtime");
}

TEST(Isolation, writes_in_different_orders_are_G0) {
  const Judged judged({ok(0, 0, 2, {append(1, 1), append(2, 1)}),
                       ok(1, 1, 3, {append(1, 2), append(2, 2)}),
                       ok(2, 4, 5, {read(1, {1, 2}), read(2, {2, 1})})});
  EXPECT_EQ(judged.anomaly("read-uncommitted"), "G0");
}

TEST(Isolation, an_unanswered_transaction_in_G0_leaves_read_uncommitted_open) {
  const Judged judged({ok(0, 0, 2, {append(1, 1), append(2, 1)}),
                       info(1, 1, {append(1, 2), append(2, 2)}),
                       ok(2, 4, 5, {read(1, {1, 2}), read(2, {2, 1})})});
  EXPECT_EQ(judged.anomaly("read-committed"), "G0");
  EXPECT_EQ(judged.finding("read-uncommitted"), "not ruled out");
}

TEST(Isolation, two_that_see_each_other_are_G1c) {
  const Judged judged(
      {ok(0, 0, 2, {append(1, 1), read(2, {1})}), ok(1, 1, 3, {append(2, 1), read(1, {1})})});
  EXPECT_EQ(judged.anomaly("read-committed"), "G1c");
  EXPECT_EQ(judged.finding("read-uncommitted"), "proved");
}

TEST(Isolation, direct_anomalies_have_their_names) {
  const Judged aborted(
      {fail(0, 0, 1, {append(1, 1)}), ok(1, 2, 3, {append(1, 2)}), ok(2, 4, 5, {read(1, {1, 2})})});
  EXPECT_THAT(aborted.names(), ElementsAre("G1a", "dirty-update"));
  EXPECT_EQ(aborted.anomaly("read-committed"), "G1a");
  const Judged intermediate(
      {ok(0, 0, 1, {append(1, 1), append(1, 2)}), ok(1, 2, 3, {read(1, {1})})});
  EXPECT_EQ(intermediate.anomaly("read-committed"), "G1b");
  const Judged orders({ok(0, 0, 1, {append(1, 1)}), ok(0, 2, 3, {append(1, 2)}),
                       ok(1, 4, 5, {read(1, {1})}), ok(2, 6, 7, {read(1, {2})})});
  EXPECT_EQ(orders.anomaly("read-committed"), "incompatible-order");
  EXPECT_EQ(orders.on("read-uncommitted").open, "the reads of key 1 disagree");
  const Judged twice({ok(0, 0, 1, {append(1, 1)}), ok(1, 2, 3, {read(1, {1, 1})})});
  EXPECT_EQ(twice.anomaly("read-uncommitted"), "duplicate-elements");
  const Judged nobodys({ok(1, 2, 3, {read(1, {7})})});
  EXPECT_EQ(nobodys.anomaly("read-uncommitted"), "garbage");
  const Judged future({ok(0, 0, 1, {read(1, {1}), append(1, 1)})});
  EXPECT_EQ(future.anomaly("read-committed"), "future-read");
  const Judged internal({ok(0, 0, 1, {append(1, 1), read(1, {})})});
  EXPECT_EQ(internal.anomaly("read-atomic"), "internal");
  EXPECT_EQ(internal.finding("read-committed"), "proved");
  EXPECT_EQ(internal.finding("repeatable-read"), "proved");
}

TEST(Isolation, a_lost_update_needs_no_read_of_either_append) {
  const Judged judged(
      {ok(0, 0, 2, {read(1, {}), append(1, 1)}), ok(1, 1, 3, {read(1, {}), append(1, 2)})});
  EXPECT_EQ(judged.anomaly("cursor-stability"), "lost-update");
  EXPECT_EQ(judged.finding("read-atomic"), "proved");
  EXPECT_EQ(
      judged.sentence("lost-update"),
      "T1 and T2 both read [] at key 1, and both appended to it: T1's append of 1, T2's append "
      "of 2");
}

TEST(Isolation, an_append_that_is_not_directly_behind_the_version_read_is_G_cursor) {
  const Judged judged({ok(0, 0, 3, {read(1, {}), append(1, 1)}), ok(1, 1, 2, {append(1, 2)}),
                       ok(2, 4, 5, {read(1, {2, 1})})});
  EXPECT_EQ(judged.anomaly("cursor-stability"), "G-cursor");
  EXPECT_EQ(judged.finding("monotonic-atomic-view"), "proved");
  EXPECT_EQ(judged.finding("read-atomic"), "proved");
}

TEST(Isolation, an_update_is_in_front_of_other_appends_that_nobody_read) {
  // T2 read nothing at key 2 and appends to it. T1 appends there as well, and T2 saw T1.
  const Judged judged({ok(0, 0, 2, {append(1, 1), append(2, 1)}),
                       ok(1, 1, 3, {read(1, {1}), append(2, 2), read(2, {})})});
  EXPECT_EQ(judged.anomaly("cursor-stability"), "G-cursor");
  EXPECT_EQ(judged.finding("read-committed"), "proved");
}

TEST(Isolation, a_later_read_that_misses_half_of_a_transaction_breaks_monotonic_atomic_view) {
  const Judged later(
      {ok(0, 0, 2, {append(1, 1), append(2, 1)}), ok(1, 1, 3, {read(1, {1}), read(2, {})})});
  EXPECT_EQ(later.anomaly("monotonic-atomic-view"), "fractured-read");
  EXPECT_EQ(later.finding("read-committed"), "proved");
  const Judged earlier(
      {ok(0, 0, 2, {append(1, 1), append(2, 1)}), ok(1, 1, 3, {read(2, {}), read(1, {1})})});
  EXPECT_EQ(earlier.anomaly("read-atomic"), "fractured-read");
  EXPECT_EQ(earlier.finding("monotonic-atomic-view"), "proved");
}

TEST(Isolation, session_guarantees_are_told_from_one_another) {
  const Judged own({ok(0, 0, 1, {append(1, 1)}), ok(0, 2, 3, {read(1, {})})});
  EXPECT_EQ(own.anomaly("read-your-writes"), "read-your-writes");
  EXPECT_EQ(own.finding("monotonic-reads"), "proved");
  EXPECT_EQ(own.anomaly("pram"), "read-your-writes");
  const Judged reads(
      {ok(1, 0, 1, {append(1, 1)}), ok(0, 2, 3, {read(1, {1})}), ok(0, 4, 5, {read(1, {})})});
  EXPECT_EQ(reads.anomaly("monotonic-reads"), "monotonic-reads");
  EXPECT_EQ(reads.finding("read-your-writes"), "proved");
  const Judged writes(
      {ok(0, 0, 1, {append(1, 1)}), ok(0, 2, 3, {append(1, 2)}), ok(1, 4, 5, {read(1, {2, 1})})});
  EXPECT_EQ(writes.anomaly("monotonic-writes"), "monotonic-writes");
  EXPECT_EQ(writes.finding("writes-follow-reads"), "proved");
  const Judged follow(
      {ok(1, 0, 1, {append(1, 1)}), ok(0, 2, 3, {read(1, {2, 1})}), ok(0, 4, 5, {append(1, 2)})});
  EXPECT_EQ(follow.anomaly("writes-follow-reads"), "writes-follow-reads");
  EXPECT_EQ(follow.finding("monotonic-writes"), "proved");
}

TEST(Isolation, a_cause_that_two_others_pass_on_must_be_seen) {
  const Judged judged({ok(0, 0, 1, {append(1, 1)}), ok(1, 2, 3, {read(1, {1})}),
                       ok(1, 4, 5, {append(2, 1)}), ok(2, 6, 7, {read(2, {1}), read(1, {})})});
  EXPECT_EQ(judged.anomaly("causal"), "causality-violation");
  EXPECT_EQ(
      judged.sentence("causality-violation"),
      "T4's read of [] at key 1 did not see T1's append of 1; T2's read of [1] at key 1 saw "
      "T1's append of 1; the client of T3 (line 5) ran T2 (line 3) before it; T4's read of [1] "
      "at key 2 saw T3's append of 1");
  EXPECT_EQ(judged.finding("pram"), "proved");
  EXPECT_EQ(judged.finding("read-atomic"), "proved");
}

TEST(Isolation, without_known_clients_nothing_is_said_of_sessions) {
  auto history = to_history({ok(0, 0, 1, {append(1, 1)}), ok(0, 2, 3, {read(1, {})})});
  history.clients_are_known = false;
  const auto report = find_isolation(history, transactions_of(history));
  for (const auto& each : report.levels) {
    const auto name = name_of(each.level);
    const bool is_open = name == "read-your-writes" || name == "pram" || name == "causal" ||
                         name == "strong-session-serializable";
    if (!is_open) continue;
    EXPECT_EQ(each.finding, Finding::not_ruled_out) << name;
  }
  EXPECT_THAT(report.strongest, ElementsAre(level_named("strong-read-committed"),
                                            level_named("strong-session-serializable")));
}

TEST(Isolation, an_append_without_the_one_before_it_of_its_transaction_breaks_read_uncommitted) {
  const Judged judged({ok(0, 0, 1, {append(1, 1), append(1, 2)}), ok(1, 2, 3, {read(1, {2})})});
  EXPECT_EQ(judged.anomaly("read-uncommitted"), "misordered-elements");
  EXPECT_EQ(
      judged.sentence("misordered-elements"),
      "T2's read of [2] at key 1 has T1's append of 2, but not in front of it T1's append of 1");
  const Judged unanswered({info(0, 0, {append(1, 1), append(1, 2)}), ok(1, 1, 2, {read(1, {2})})});
  EXPECT_EQ(unanswered.anomaly("read-committed"), "misordered-elements");
  EXPECT_NE(unanswered.finding("read-uncommitted"), "ruled out");
}

TEST(Isolation, cycles_through_long_times_stay_short) {
  // T1 reads nothing at key 2 and is before T2. Long afterwards a read misses what T1 had appended.
  SmallHistory history{ok(0, 0, 3, {append(1, 1), read(2, {})}), ok(1, 1, 2, {append(2, 1)})};
  for (int i = 0; i < 200; ++i) {
    history.push_back(ok(i % 5, 10 * i + 10, 10 * i + 45, {append(3 + i / 50, i + 1)}));
  }
  history.push_back(ok(6, 3000, 3001, {read(1, {}), read(2, {1})}));
  history.push_back(ok(7, 3002, 3003, {read(1, {1})}));
  close_ranks(history);
  const Judged judged(history);
  EXPECT_EQ(judged.report.anomalies[judged.on("strict").anomaly].cycle.size(), 2U);
  for (const auto& each : judged.report.anomalies) {
    EXPECT_LE(each.cycle.size(), 4U) << each.name << ": " << each.sentence;
  }
}

TEST(Isolation, a_spent_budget_leaves_levels_open_and_says_so) {
  IsolationOptions options;
  const std::atomic<bool> is_moot = true;
  options.budget = options.budget.unless(is_moot);
  SmallHistory long_history;
  for (int i = 0; i < 2000; ++i) {
    long_history.push_back(ok(i % 5, 2 * i, 2 * i + 1, {append(i / 50, i + 1)}));
  }
  const auto large = to_history(long_history);
  const auto report = find_isolation(large, transactions_of(large), options);
  for (const auto& each : report.levels) {
    EXPECT_EQ(each.finding, Finding::not_ruled_out);
    EXPECT_FALSE(each.open.empty());
  }
}

TEST(Isolation, a_read_modify_write_among_unread_appends_is_no_cycle) {
  const Judged judged({ok(0, 0, 5, {read(1, {}), append(1, 1)}), ok(1, 1, 4, {append(1, 2)}),
                       ok(2, 2, 3, {append(1, 3)})});
  EXPECT_EQ(judged.finding("strict"), "proved");
}

}  // namespace sunder::checker::isolation
