// Histories on which checkers of isolation are known to go wrong: by a false alarm, by silence, or
// by blaming another level. Each is also compared with brute force.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/isolation/comparison_test.h"

namespace sunder::checker::isolation::traps_test {

namespace {

using namespace small_history_test;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int x = 1;
constexpr int y = 2;
constexpr int z = 3;

/// The strongest levels that are not ruled out.
std::string standing(const SmallHistory& history) {
  EXPECT_EQ(comparison_test::compare(history).mistake, "") << to_lines(history);
  std::vector<std::string> names;
  for (const auto level : comparison_test::report_of(history).strongest) {
    names.push_back(name_of(level));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> anomalies(const SmallHistory& history) {
  std::vector<std::string> names;
  for (const auto& anomaly : comparison_test::report_of(history).anomalies) {
    names.push_back(anomaly.name);
  }
  return names;
}

std::string finding_at(const SmallHistory& history, std::string_view level) {
  for (const auto& found : comparison_test::report_of(history).levels) {
    if (found.level == level_named(level)) return std::string(name_of(found.finding));
  }
  return "";
}

TEST(Traps, a_stale_register_breaks_real_time_and_no_weaker_level) {
  // Elle's :linearizable-keys? orders the versions by real time and then blames read uncommitted.
  const auto history =
      one_by_one({{write(x, 1)}, {write(x, 2)}, {read_register(x, 2)}, {read_register(x, 1)}});
  EXPECT_EQ(standing(history), "strong-read-committed, strong-session-serializable");
}

TEST(Traps, a_write_between_its_own_append_and_another_unseen_one_is_no_cycle) {
  // Two appends that nobody read: neither is before the other, and the reader of nothing wrote one.
  const SmallHistory history{ok(0, 0, 2, {read(x, {}), append(x, 1)}), ok(1, 1, 3, {append(x, 2)})};
  EXPECT_EQ(standing(history), "strict-serializable");
}

TEST(Traps, two_read_modify_writes_with_unseen_appends_lose_an_update) {
  const SmallHistory history{ok(0, 0, 2, {read(x, {}), append(x, 1)}),
                             ok(1, 1, 3, {read(x, {}), append(x, 2)})};
  EXPECT_THAT(anomalies(history), Contains("lost-update"));
  EXPECT_EQ(standing(history), "strong-read-committed, causal");
}

TEST(Traps, an_empty_read_saw_the_initial_state) {
  const auto history = one_by_one({{append(x, 1)}, {read(x, {})}});
  EXPECT_THAT(anomalies(history), Contains("G-single-realtime"));
  EXPECT_EQ(standing(history), "strong-read-committed, strong-session-serializable");
}

TEST(Traps, a_read_of_nil_saw_the_initial_state) {
  const auto history = one_by_one({{write(x, 1)}, {read_register(x, 0)}});
  EXPECT_THAT(anomalies(history), Contains("G-single-realtime"));
  EXPECT_EQ(standing(history), "strong-read-committed, strong-session-serializable");
}

TEST(Traps, an_unanswered_read_of_nil_saw_nothing) {
  const SmallHistory history{ok(0, 0, 1, {append(x, 1), append(y, 1)}),
                             info(1, 2, {append(x, 2), read(y, {})}),
                             ok(2, 3, 4, {read(x, {1, 2}), read(y, {1})})};
  EXPECT_EQ(standing(history), "strict-serializable");
}

TEST(Traps, a_real_time_edge_does_not_hide_that_a_session_is_broken) {
  // The same client wrote and did not see it: between both, real time holds as well.
  const SmallHistory history{ok(0, 0, 1, {append(x, 1)}), ok(0, 2, 3, {read(x, {})})};
  EXPECT_THAT(anomalies(history), Contains("G-single-process"));
  EXPECT_EQ(finding_at(history, "strong-session-consistent-view"), "ruled out");
  EXPECT_EQ(finding_at(history, "read-your-writes"), "ruled out");
  EXPECT_EQ(finding_at(history, "serializable"), "proved");
}

TEST(Traps, a_process_edge_separates_two_rw_edges) {
  // github.com/jepsen-io/elle/issues/17: no two rw edges are adjacent, so snapshot isolation with
  // sessions forbids it.
  const SmallHistory history{ok(0, 0, 6, {read(x, {}), read(z, {1})}), ok(1, 1, 2, {append(x, 1)}),
                             ok(1, 3, 4, {read(z, {})}), ok(2, 5, 7, {append(z, 1)})};
  EXPECT_THAT(anomalies(history), Contains("G-nonadjacent-process"));
  EXPECT_EQ(finding_at(history, "strong-session-snapshot-isolation"), "ruled out");
  EXPECT_EQ(finding_at(history, "serializable"), "proved");
}

TEST(Traps, adjacent_rw_edges_do_not_break_snapshot_isolation) {
  const SmallHistory history{ok(0, 0, 2, {read(x, {}), append(y, 1)}),
                             ok(1, 1, 3, {read(y, {}), append(x, 1)})};
  EXPECT_THAT(anomalies(history), Contains("G2-item"));
  EXPECT_EQ(standing(history), "strong-snapshot-isolation");
}

TEST(Traps, a_long_fork_breaks_snapshot_isolation) {
  const SmallHistory history{ok(0, 0, 4, {append(x, 1)}), ok(1, 1, 5, {append(y, 1)}),
                             ok(2, 2, 6, {read(x, {1}), read(y, {})}),
                             ok(3, 3, 7, {read(x, {}), read(y, {1})})};
  EXPECT_THAT(anomalies(history), Contains("G-nonadjacent"));
  EXPECT_EQ(standing(history), "causal, strong-consistent-view");
}

TEST(Traps, an_element_twice_breaks_every_level) {
  const auto history = one_by_one({{append(x, 1)}, {append(x, 2)}, {read(x, {1, 2, 1})}});
  EXPECT_THAT(anomalies(history), Contains("duplicate-elements"));
  EXPECT_EQ(finding_at(history, "read-uncommitted"), "ruled out");
}

TEST(Traps, a_value_that_nobody_wrote_breaks_every_level) {
  EXPECT_EQ(finding_at(one_by_one({{append(x, 1)}, {read(x, {1, 7})}}), "read-uncommitted"),
            "ruled out");
  EXPECT_EQ(finding_at(one_by_one({{write(x, 1)}, {read_register(x, 7)}}), "read-uncommitted"),
            "ruled out");
}

TEST(Traps, reads_that_are_no_prefixes_of_one_list_show_a_dirty_read) {
  const auto history =
      one_by_one({{append(x, 1)}, {append(x, 2)}, {read(x, {1, 2})}, {read(x, {2})}});
  EXPECT_THAT(anomalies(history), Contains("incompatible-order"));
  EXPECT_EQ(finding_at(history, "read-committed"), "ruled out");
  EXPECT_NE(finding_at(history, "read-uncommitted"), "ruled out");
}

TEST(Traps, an_unanswered_transaction_may_have_aborted_after_its_writes_were_seen) {
  const SmallHistory history{ok(0, 0, 1, {append(x, 1), append(y, 1)}),
                             info(1, 2, {append(x, 2), append(y, 2)}),
                             ok(2, 3, 4, {read(x, {1, 2}), read(y, {2, 1})})};
  EXPECT_EQ(finding_at(history, "read-committed"), "ruled out");
  EXPECT_NE(finding_at(history, "read-uncommitted"), "ruled out");
}

TEST(Traps, writes_in_two_orders_break_read_uncommitted) {
  const auto history = one_by_one({{append(x, 1), append(y, 1)},
                                   {append(x, 2), append(y, 2)},
                                   {read(x, {1, 2}), read(y, {2, 1})}});
  EXPECT_THAT(anomalies(history), Contains("G0"));
  EXPECT_EQ(finding_at(history, "read-uncommitted"), "ruled out");
}

TEST(Traps, an_aborted_element_in_front_of_an_update_is_a_dirty_update) {
  const SmallHistory history{fail(0, 0, 1, {append(x, 1)}), ok(1, 2, 3, {append(x, 2)}),
                             ok(2, 4, 5, {read(x, {1, 2})})};
  EXPECT_THAT(anomalies(history), Contains("dirty-update"));
  EXPECT_THAT(anomalies(history), Contains("G1a"));
  EXPECT_EQ(finding_at(history, "read-committed"), "ruled out");
}

TEST(Traps, an_aborted_element_is_no_link_between_its_neighbours) {
  // The aborted element lies between them all the same, so that they have an order.
  const SmallHistory history{ok(0, 0, 1, {append(x, 1), append(y, 1)}),
                             fail(1, 2, 3, {append(x, 2)}),
                             ok(2, 4, 5, {append(x, 3), append(y, 3)}),
                             ok(3, 6, 7, {read(x, {1, 2, 3}), read(y, {3, 1})})};
  EXPECT_EQ(finding_at(history, "read-uncommitted"), "ruled out");
}

TEST(Traps, an_intermediate_read_breaks_read_committed) {
  const auto history = one_by_one({{append(x, 1), append(x, 2)}, {read(x, {1})}});
  EXPECT_THAT(anomalies(history), Contains("G1b"));
  EXPECT_EQ(finding_at(history, "read-committed"), "ruled out");
}

TEST(Traps, an_intermediate_element_in_front_of_the_last_one_is_no_intermediate_read) {
  EXPECT_EQ(standing(one_by_one({{append(x, 1), append(x, 2)}, {read(x, {1, 2})}})),
            "strict-serializable");
}

TEST(Traps, what_contradicts_the_transaction_itself_breaks_atomic_reads_alone) {
  const auto history = one_by_one({{append(x, 1)}, {append(x, 2), read(x, {1})}});
  EXPECT_THAT(anomalies(history), Contains("internal"));
  EXPECT_EQ(finding_at(history, "read-atomic"), "ruled out");
  EXPECT_NE(finding_at(history, "read-committed"), "ruled out");
}

TEST(Traps, a_read_of_what_the_transaction_writes_later_breaks_read_committed) {
  const auto history = one_by_one({{read(x, {1}), append(x, 1)}});
  EXPECT_THAT(anomalies(history), Contains("future-read"));
  EXPECT_EQ(finding_at(history, "read-committed"), "ruled out");
}

TEST(Traps, every_read_of_a_transaction_counts_and_not_only_the_first) {
  const SmallHistory history{ok(0, 0, 2, {append(x, 1)}), ok(1, 1, 3, {read(x, {1}), read(x, {})})};
  EXPECT_EQ(finding_at(history, "consistent-view"), "ruled out");
}

TEST(Traps, half_of_a_transaction_is_no_atomic_view) {
  const SmallHistory history{ok(0, 0, 2, {append(x, 1), append(y, 1)}),
                             ok(1, 1, 3, {read(x, {1}), read(y, {})})};
  EXPECT_EQ(finding_at(history, "monotonic-atomic-view"), "ruled out");
  // Seen the other way round, the second read came later.
  const SmallHistory other{ok(0, 0, 2, {append(x, 1), append(y, 1)}),
                           ok(1, 1, 3, {read(y, {}), read(x, {1})})};
  EXPECT_NE(finding_at(other, "monotonic-atomic-view"), "ruled out");
  EXPECT_EQ(finding_at(other, "read-atomic"), "ruled out");
}

TEST(Traps, an_append_that_is_not_directly_behind_what_was_read_breaks_cursors) {
  const SmallHistory history{ok(0, 0, 3, {read(x, {}), append(x, 1)}), ok(1, 1, 2, {append(x, 2)}),
                             ok(2, 4, 5, {read(x, {2, 1})})};
  EXPECT_THAT(anomalies(history), Contains("G-cursor"));
  EXPECT_EQ(finding_at(history, "cursor-stability"), "ruled out");
}

TEST(Traps, an_unanswered_transaction_has_no_order_to_later_ones) {
  const SmallHistory history{info(0, 0, {append(x, 1)}), ok(1, 1, 2, {read(x, {})}),
                             ok(1, 3, 4, {read(x, {1})})};
  EXPECT_EQ(standing(history), "strict-serializable");
}

TEST(Traps, an_unanswered_transaction_is_behind_earlier_ones) {
  const SmallHistory history{ok(0, 0, 1, {read(x, {1})}), info(1, 2, {append(x, 1)})};
  EXPECT_EQ(standing(history), "strong-read-uncommitted, strong-session-serializable");
}

TEST(Traps, without_an_answered_transaction_nothing_is_known) {
  for (const auto& history :
       {SmallHistory{}, SmallHistory{info(0, 0, {append(x, 1)})},
        SmallHistory{fail(0, 0, 1, {append(x, 1)}), info(1, 2, {write(y, 1)})}}) {
    for (const auto& found : comparison_test::report_of(history).levels) {
      EXPECT_EQ(found.finding, Finding::not_ruled_out) << name_of(found.level);
      EXPECT_THAT(found.open, Not(IsEmpty()));
    }
  }
}

TEST(Traps, a_key_that_is_used_as_a_list_and_as_a_register_is_refused) {
  EXPECT_THROW(comparison_test::report_of(one_by_one({{append(x, 1)}, {write(x, 2)}})),
               history::AssumptionBroken);
}

TEST(Traps, a_value_that_is_written_twice_is_refused) {
  EXPECT_THROW(comparison_test::report_of(one_by_one({{append(x, 1)}, {append(x, 1)}})),
               history::AssumptionBroken);
}

TEST(Traps, a_retried_transaction_looks_like_a_lost_update) {
  // github.com/etcd-io/etcd/issues/14890: the client repeated it and read its own first effect.
  const SmallHistory history{ok(0, 0, 3, {read(x, {}), append(x, 1)}),
                             ok(1, 1, 2, {read(x, {}), append(x, 2)}),
                             ok(2, 4, 5, {read(x, {2, 1})})};
  EXPECT_THAT(anomalies(history), Contains("lost-update"));
}

}  // namespace

}  // namespace sunder::checker::isolation::traps_test
