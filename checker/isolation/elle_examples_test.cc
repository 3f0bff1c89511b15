// The histories of Elle's own tests and issues, and what Elle says of each one: the weakest levels
// that it rules out. Where sunder says something else, the test says why.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "checker/isolation/comparison_test.h"

namespace sunder::checker::isolation::elle_examples_test {

namespace {

using namespace small_history_test;
using Steps = std::vector<Micro>;

constexpr int x = 1;
constexpr int y = 2;
constexpr int z = 3;
constexpr int t = 4;
constexpr int u = 5;

/// All at once, each by a client of its own, so that no order is given.
SmallHistory at_once(std::vector<Steps> transactions) {
  SmallHistory history;
  const auto count = static_cast<Position>(transactions.size());
  for (Position i = 0; i < count; ++i) {
    history.push_back(ok(static_cast<int>(i), i, count + i,
                         std::move(transactions[static_cast<std::size_t>(i)])));
  }
  return history;
}

/// The weakest of the levels of transactions that are ruled out.
std::string ruled_out(const SmallHistory& history) {
  if (history.size() <= 6) {
    EXPECT_EQ(comparison_test::compare(history).mistake, "") << to_lines(history);
  }
  std::vector<Level> all;
  for (const auto& found : comparison_test::report_of(history).levels) {
    if (found.finding != Finding::ruled_out || found.level.model < Model::read_uncommitted)
      continue;
    all.push_back(found.level);
  }
  std::vector<std::string> weakest;
  for (const auto level : all) {
    bool is_weakest = true;
    for (const auto other : all)
      is_weakest = is_weakest && (other == level || !implies(level, other));
    if (is_weakest) weakest.push_back(name_of(level));
  }
  return fmt::format("{}", fmt::join(weakest, ", "));
}

TEST(ElleExamples, G0) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), append(y, 1)},
                               {append(x, 2), append(y, 2)},
                               {read(x, {1, 2}), read(y, {2, 1})}})),
            "read-uncommitted");
}

TEST(ElleExamples, G1a) {
  EXPECT_EQ(ruled_out({fail(0, 0, 2, {append(x, 1)}), ok(1, 1, 3, {read(x, {1})})}),
            "read-committed");
  EXPECT_EQ(ruled_out({fail(0, 0, 2, {write(x, 1)}), ok(1, 1, 3, {read_register(x, 1)})}),
            "read-committed");
}

TEST(ElleExamples, G1b) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), append(x, 2)}, {read(x, {1})}})), "read-committed");
  EXPECT_EQ(ruled_out(at_once({{write(x, 1), write(x, 2)}, {read_register(x, 1)}})),
            "read-committed");
}

TEST(ElleExamples, G1c) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), read(y, {1})},
                               {append(x, 2), append(y, 1)},
                               {read(x, {1, 2}), read(y, {1})}})),
            "read-committed");
}

TEST(ElleExamples, G_single) {
  EXPECT_EQ(ruled_out(at_once(
                {{append(x, 1), append(y, 1)}, {append(x, 2), read(y, {})}, {read(x, {1, 2})}})),
            "consistent-view");
}

TEST(ElleExamples, G2_item) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), read(y, {})}, {append(y, 1), read(x, {})}})),
            "repeatable-read");
}

TEST(ElleExamples, strong_snapshot_isolation) {
  // Elle has no strong consistent view, which is what a G-single-realtime breaks.
  EXPECT_EQ(
      ruled_out(one_by_one({{append(x, 1)}, {append(x, 2)}, {read(x, {1})}, {read(x, {1, 2})}})),
      "strong-consistent-view");
}

TEST(ElleExamples, strong_session_snapshot_isolation) {
  EXPECT_EQ(ruled_out({ok(0, 0, 1, {append(x, 1)}), ok(1, 2, 3, {append(x, 2)}),
                       ok(1, 4, 5, {read(x, {1})}), ok(2, 6, 7, {read(x, {1, 2})})}),
            "causal, strong-session-consistent-view");
}

TEST(ElleExamples, contradictory_reads) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), read(y, {1})},
                               {append(x, 2)},
                               {append(x, 3), append(y, 1)},
                               {read(x, {1, 3})},
                               {read(x, {1, 2, 3})}})),
            "read-committed");
}

TEST(ElleExamples, dirty_updates) {
  EXPECT_EQ(ruled_out({fail(0, 0, 3, {append(x, 1)}), ok(1, 1, 4, {append(x, 2)}),
                       ok(2, 2, 5, {read(x, {1, 2})})}),
            "read-committed");
  EXPECT_EQ(ruled_out({fail(0, 0, 4, {append(x, 1)}), info(1, 1, {append(x, 2)}),
                       ok(2, 2, 5, {append(x, 3)}), ok(3, 3, 6, {read(x, {1, 2, 3})})}),
            "read-committed");
}

TEST(ElleExamples, duplicate_elements) {
  EXPECT_EQ(
      ruled_out(at_once(
          {{append(x, 1), read(y, {1})}, {append(x, 2), append(y, 1)}, {read(x, {1, 2, 1})}})),
      "read-uncommitted");
}

TEST(ElleExamples, internal) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 6), read(x, {})}})), "read-atomic");
  EXPECT_EQ(ruled_out(at_once(
                {{write(x, 1)}, {write(x, 2)}, {read_register(x, 1), read_register(x, 2)}})),
            "read-atomic, consistent-view");
}

TEST(ElleExamples, interleaved_appends_are_G0) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), append(x, 2), append(x, 4)},
                               {append(x, 3), read(x, {1, 2, 3, 4})}})),
            "read-uncommitted");
}

TEST(ElleExamples, unobserved_writes) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1), append(y, 1)},
                               {append(x, 2), append(y, 2)},
                               {append(x, 3), append(y, 3)},
                               {read(x, {1, 2})},
                               {read(y, {2})}})),
            "read-uncommitted");
}

TEST(ElleExamples, G_nonadjacent) {
  EXPECT_EQ(ruled_out(at_once({{append(x, 1)},
                               {read(x, {1}), read(y, {})},
                               {append(y, 1)},
                               {read(y, {1}), read(x, {})}})),
            "repeatable-read, snapshot-isolation");
}

TEST(ElleExamples, two_adjacent_rw_edges_among_three_are_snapshot_isolation) {
  // rw rw wr rw wr. The history in Elle's own test has no cycle at all.
  EXPECT_EQ(ruled_out(at_once({{read(x, {5}), read(y, {})},
                               {append(y, 1), read(z, {})},
                               {append(z, 2), append(t, 3)},
                               {read(t, {3}), read(u, {})},
                               {append(u, 4), append(x, 5)}})),
            "repeatable-read");
}

TEST(ElleExamples, lost_update) {
  EXPECT_EQ(ruled_out(at_once(
                {{append(x, 9)}, {read(x, {9}), append(x, 1)}, {read(x, {9}), append(x, 2)}})),
            "cursor-stability");
  EXPECT_EQ(
      ruled_out(at_once(
          {{write(x, 9)}, {read_register(x, 9), write(x, 1)}, {read_register(x, 9), write(x, 2)}})),
      "cursor-stability");
  EXPECT_EQ(ruled_out(at_once({{read(x, {}), append(x, 1), append(x, 2)}, {read(x, {1, 2})}})), "");
}

TEST(ElleExamples, wr_and_process) {
  EXPECT_EQ(ruled_out({ok(1, 0, 5, {read(x, {1}), append(y, 1)}), ok(2, 1, 2, {read(y, {1})}),
                       ok(2, 3, 4, {append(x, 1)})}),
            "strong-session-read-committed");
}

TEST(ElleExamples, future_read) {
  EXPECT_EQ(ruled_out(at_once({{read(x, {1}), append(x, 1)}})), "read-committed");
}

TEST(ElleExamples, initial_state_of_a_register) {
  EXPECT_EQ(
      ruled_out(at_once({{read_register(x, 0), read_register(y, 1)}, {write(y, 1), write(x, 2)}})),
      "read-atomic, consistent-view");
}

TEST(ElleExamples, writes_that_follow_reads_order_versions) {
  EXPECT_EQ(ruled_out(at_once({{write(y, 1)},
                               {read_register(y, 1), write(x, 1), write(y, 2)},
                               {read_register(x, 1), read_register(y, 1)}})),
            "monotonic-atomic-view");
}

TEST(ElleExamples, a_register_that_nobody_wrote) {
  // Elle says valid (its issue 8); nobody wrote 2.
  EXPECT_EQ(ruled_out(one_by_one({{write(x, 1)}, {read_register(x, 2)}})), "read-uncommitted");
}

TEST(ElleExamples, versions_that_run_backwards_in_a_session) {
  // Elle says read uncommitted with :sequential-keys?.
  EXPECT_EQ(ruled_out({ok(0, 0, 1, {write(x, 1)}), ok(0, 2, 3, {write(x, 2)}),
                       ok(0, 4, 5, {read_register(x, 1)})}),
            "causal, strong-session-consistent-view");
}

TEST(ElleExamples, both_clients_read_the_other_ones_write) {
  // github.com/ligurio/elle-cli/issues/47: Elle says valid.
  EXPECT_EQ(
      ruled_out({ok(1, 0, 2, {read_register(x, 0)}), ok(2, 1, 3, {read_register(x, 0)}),
                 ok(1, 4, 6, {write(x, 100)}), ok(2, 5, 7, {write(x, 200)}),
                 ok(1, 8, 10, {read_register(x, 200)}), ok(2, 9, 11, {read_register(x, 100)})}),
      "causal, strong-session-consistent-view");
}

TEST(ElleExamples, unread_appends_of_several_clients) {
  // github.com/jepsen-io/elle/issues/30: write skew between the second and the third one.
  EXPECT_EQ(ruled_out({ok(2, 0, 3, {append(4, 2), append(5, 5)}),
                       ok(0, 1, 7, {read(2, {}), read(3, {}), append(4, 9)}),
                       ok(1, 2, 5, {append(3, 1), append(2, 4), read(4, {})}),
                       ok(2, 4, 8, {append(2, 8)}), ok(1, 6, 9, {append(3, 7), append(4, 10)})}),
            "repeatable-read");
}

TEST(ElleExamples, the_paper) {
  // https://arxiv.org/abs/2003.10554, section 1: G-single.
  EXPECT_EQ(
      ruled_out(at_once(
          {{append(253, 1), append(253, 3), append(253, 4), append(255, 2), append(255, 3),
            append(255, 4), append(255, 5), append(256, 1), append(256, 2)},
           {append(255, 8), read(253, {1, 3, 4})},
           {append(256, 4), read(255, {2, 3, 4, 5, 8}), read(256, {1, 2, 4}), read(253, {1, 3, 4})},
           {append(250, 10), read(253, {1, 3, 4}), read(255, {2, 3, 4, 5}), append(256, 3)}})),
      "consistent-view");
}

}  // namespace

}  // namespace sunder::checker::isolation::elle_examples_test
