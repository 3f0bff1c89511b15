#include "results/report/isolation_summary.h"

#include <gmock/gmock.h>

#include "results/page/sample/isolation_sample.h"
#include "results/report/format.h"

namespace sunder::results {
namespace {

using checker::isolation::Finding;
using checker::isolation::level_named;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string summary_of(const checker::isolation::Account& account, std::size_t columns = 100) {
  return isolation_summary(account, Painter(false), columns);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

TEST(IsolationSummary, the_cycle_is_drawn_with_the_reason_on_each_arrow) {
  EXPECT_THAT(
      summary_of(stale_transaction()),
      StartsWith("  G-single-realtime rules out strict-serializable and what implies it\n"
                 "  ╭─▶ T701  client 5: r 34 → [], … 2 more\n"
                 "  │     │ rw on 34: T701's read of [] at key 34 did not see T692's append of 1\n"
                 "  │     ▼\n"
                 "  │   T692  client 3: append 34 1\n"
                 "  │     │ realtime: T692 had returned (line 1395) before T701 was invoked (line "
                 "1397)\n"
                 "  ╰─────╯\n"));
}

TEST(IsolationSummary, anomalies_are_counted_by_name_and_key_the_most_frequent_key_first) {
  EXPECT_THAT(
      summary_of(stale_transaction()),
      HasSubstr("  G-single-realtime: 12 (key 34 7, key 3 5); rules out strict-serializable\n"));
}

TEST(IsolationSummary, anomalies_of_one_name_are_counted_once_with_the_weakest_that_they_rule_out) {
  auto account = stale_transaction();
  account.anomalies.push_back(account.anomalies[0]);
  account.anomalies[1].rules_out = {level_named("strong-consistent-view")};
  const auto text = summary_of(account);
  const auto line = text.find("  G-single-realtime: 12");
  EXPECT_THAT(text.substr(line), StartsWith("  G-single-realtime: 12 (key 34 7, key 3 5); rules "
                                            "out strong-consistent-view\n\n"));
}

TEST(IsolationSummary, each_level_has_its_finding_and_the_claimed_one_is_marked) {
  const auto text = summary_of(stale_transaction());
  EXPECT_THAT(text, HasSubstr("strongest level that stands: strong-session-serializable (proved)"));
  EXPECT_THAT(text, HasSubstr("  serializable           ✓ proved          ✓ proved          "
                              "[✕ ruled out]\n"));
  EXPECT_THAT(text, HasSubstr("  causal                 ✓ proved\n"));
}

TEST(IsolationSummary, what_is_open_says_why) {
  auto account = stale_transaction();
  for (auto& each : account.levels) {
    if (each.level.model != checker::isolation::Model::snapshot_isolation) continue;
    if (each.finding == Finding::ruled_out) continue;
    each.finding = Finding::not_ruled_out;
    each.open = "the order of 3 writes of key 7 is open";
  }
  EXPECT_THAT(summary_of(account), HasSubstr("? snapshot-isolation, strong-session-snapshot-"
                                             "isolation: the order of 3 writes of key 7 is open"));
}

TEST(IsolationSummary, what_decides_no_level_is_said_once) {
  auto account = stale_transaction();
  account.anomalies.clear();
  account.counts.clear();
  for (auto& each : account.levels) {
    each = {each.level, Finding::not_ruled_out, 0, "no transaction was answered ok"};
  }
  EXPECT_THAT(summary_of(account),
              testing::EndsWith("  ? every level: no transaction was answered ok\n"));
}

TEST(IsolationSummary, a_history_that_every_level_allows_takes_one_line) {
  auto account = stale_transaction();
  account.anomalies.clear();
  account.counts.clear();
  for (auto& each : account.levels) each = {each.level, Finding::proved, 0, ""};
  EXPECT_EQ(summary_of(account), "  every level is proved\n");
}

TEST(IsolationSummary, lines_keep_to_the_width_of_the_terminal) {
  for (const std::size_t columns : {50u, 60u, 80u, 120u}) {
    for (const auto& line : lines_of(summary_of(stale_transaction(), columns))) {
      EXPECT_LE(columns_of(line), columns) << line;
    }
  }
}

TEST(IsolationSummary, nothing_of_a_value_acts_on_the_terminal) {
  const std::string evil = "\033[2J\r\n\u009B\x7F";
  auto account = stale_transaction();
  auto& anomaly = account.anomalies[0];
  anomaly.name = anomaly.sentence = evil;
  anomaly.transactions[0].steps = {evil};
  anomaly.cycle[0].key = anomaly.cycle[0].reason = evil;
  account.counts = {{evil, evil, 1}};
  account.levels[0] = {account.levels[0].level, Finding::not_ruled_out, 0, evil};
  const auto text = summary_of(account);
  for (const auto* control : {"\033", "\r", "\u009B", "\x7F"}) {
    EXPECT_THAT(text, Not(HasSubstr(control)));
  }
}

TEST(IsolationSummary, no_client_is_named_if_the_history_names_none) {
  auto account = stale_transaction();
  for (auto& each : account.anomalies[0].transactions) each.process = history::ProcessId::nemesis;
  EXPECT_THAT(summary_of(account), HasSubstr("╭─▶ T701  r 34 → [], … 2 more\n"));
}

TEST(IsolationSummary, an_anomaly_without_a_cycle_lists_its_transactions) {
  auto account = stale_transaction();
  account.anomalies[0].cycle.clear();
  EXPECT_THAT(summary_of(account), HasSubstr("  T701  client 5: r 34 → [], … 2 more\n"
                                             "  T692  client 3: append 34 1\n"));
}

}  // namespace
}  // namespace sunder::results
