// Histories of transactions that somebody recorded, from their lines to the verdict.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/history_judgement.h"
#include "harness/judge/presentation.h"
#include "results/store/run_store.h"
#include "testing/temporary_folder.h"

namespace sunder::harness {
namespace {

using checker::Validity;
using checker::isolation::Finding;
using checker::isolation::level_named;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// An event of a client: its number, "invoke", "ok", "fail" or "info", and the micro-operations.
struct Line {
  int process;
  std::string_view type;
  std::string_view steps;
};

struct TransactionsTest : testing::Test {
  const TemporaryFolder temporary;

  Judgement judged(const std::vector<Line>& lines, const HistoryReading& reading = {}) const {
    std::string text;
    for (const auto& [process, type, steps] : lines) {
      text +=
          fmt::format(R"({{"process":{},"type":"{}","f":"txn","value":{}}})", process, type, steps);
      text += '\n';
    }
    const auto file = temporary.path() / "history.jsonl";
    results::write_whole_file(file, text);
    return judge_history(history::history_source({file.string()}), reading, {});
  }

  Judgement judged_at(std::string_view level, const std::vector<Line>& lines) const {
    HistoryReading reading;
    reading.isolation = level_named(level);
    return judged(lines, reading);
  }

  /// The validity at each of the levels.
  std::map<std::string_view, Validity> validities(const std::vector<std::string_view>& levels,
                                                  const std::vector<Line>& lines) const {
    std::map<std::string_view, Validity> found;
    for (const auto level : levels) found[level] = judged_at(level, lines).verdict.validity;
    return found;
  }
};

using Found = std::map<std::string_view, Validity>;

const std::vector<Line> stale_read{
    {0, "invoke", R"([["append","x",1]])"}, {0, "ok", R"([["append","x",1]])"},
    {1, "invoke", R"([["r","x",null]])"},   {1, "ok", R"([["r","x",[]]])"},
    {1, "invoke", R"([["r","x",null]])"},   {1, "ok", R"([["r","x",[1]]])"}};

TEST_F(TransactionsTest, a_read_of_an_older_state_breaks_only_what_keeps_real_time) {
  EXPECT_EQ(validities({"strict-serializable", "strong-snapshot-isolation", "serializable",
                        "strong-session-serializable"},
                       stale_read),
            (Found{{"strict-serializable", Validity::invalid},
                   {"strong-snapshot-isolation", Validity::invalid},
                   {"serializable", Validity::valid},
                   {"strong-session-serializable", Validity::valid}}));
}

TEST_F(TransactionsTest, strict_serializability_is_judged_where_nothing_is_said) {
  const auto judgement = judged(stale_read);
  EXPECT_EQ(judgement.verdict.validity, Validity::invalid);
  EXPECT_THAT(judgement.verdict.sentence,
              HasSubstr("strict-serializable is ruled out by G-single-realtime: "));
  EXPECT_THAT(judgement.history.assumptions,
              testing::Contains(HasSubstr("the isolation level is strict-serializable")));
}

TEST_F(TransactionsTest, a_stale_read_is_told_with_its_transactions_and_their_lines) {
  const auto judgement = judged(stale_read);
  const auto& account = *judgement.verdict.checks.at(0).isolation;
  const auto& anomaly = account.anomalies.at(finding_on(account.claimed, account)->anomaly);
  ASSERT_EQ(anomaly.transactions.size(), 2U);
  ASSERT_EQ(anomaly.cycle.size(), 2U);
  for (const auto* text : {"T1", "T2", "line 2", "line 3"}) {
    EXPECT_THAT(anomaly.sentence, HasSubstr(text));
  }
}

TEST_F(TransactionsTest, own_lines_are_judged_alike_with_and_without_their_values) {
  HistoryReading whole;
  whole.shows_values = true;
  auto with_info = stale_read;
  with_info.push_back({2, "invoke", R"([["append","x",2],["r","y",null]])"});
  with_info.push_back({2, "info", "null"});
  for (const auto& lines : {stale_read, with_info}) {
    const auto fast = judged(lines);
    const auto slow = judged(lines, whole);
    EXPECT_EQ(verdict_json_of(fast), verdict_json_of(slow));
    EXPECT_TRUE(fast.history.operations.at(0).argument.is_nil());
    EXPECT_FALSE(slow.history.operations.at(0).argument.is_nil());
  }
}

TEST_F(TransactionsTest, an_update_that_another_one_overwrites_unseen_breaks_cursor_stability) {
  const std::vector<Line> lost_update{{0, "invoke", R"([["r","x",null],["append","x",1]])"},
                                      {1, "invoke", R"([["r","x",null],["append","x",2]])"},
                                      {0, "ok", R"([["r","x",[]],["append","x",1]])"},
                                      {1, "ok", R"([["r","x",[]],["append","x",2]])"},
                                      {0, "invoke", R"([["r","x",null]])"},
                                      {0, "ok", R"([["r","x",[1,2]]])"}};
  EXPECT_EQ(validities({"read-committed", "read-atomic", "cursor-stability", "snapshot-isolation",
                        "repeatable-read"},
                       lost_update),
            (Found{{"read-committed", Validity::valid},
                   {"read-atomic", Validity::valid},
                   {"cursor-stability", Validity::invalid},
                   {"snapshot-isolation", Validity::invalid},
                   {"repeatable-read", Validity::invalid}}));
}

TEST_F(TransactionsTest, a_write_skew_keeps_snapshots_and_is_not_serializable) {
  const std::vector<Line> skew{{0, "invoke", R"([["r","x",null],["append","y",1]])"},
                               {1, "invoke", R"([["r","y",null],["append","x",1]])"},
                               {0, "ok", R"([["r","x",[]],["append","y",1]])"},
                               {1, "ok", R"([["r","y",[]],["append","x",1]])"},
                               {0, "invoke", R"([["r","x",null],["r","y",null]])"},
                               {0, "ok", R"([["r","x",[1]],["r","y",[1]]])"}};
  EXPECT_EQ(validities({"strong-snapshot-isolation", "repeatable-read", "serializable"}, skew),
            (Found{{"strong-snapshot-isolation", Validity::valid},
                   {"repeatable-read", Validity::invalid},
                   {"serializable", Validity::invalid}}));
  EXPECT_THAT(judged_at("serializable", skew).verdict.sentence, HasSubstr("G2-item"));
}

TEST_F(TransactionsTest, a_read_of_an_aborted_write_breaks_read_committed) {
  const std::vector<Line> aborted{{0, "invoke", R"([["append","x",1]])"},
                                  {0, "fail", R"([["append","x",1]])"},
                                  {1, "invoke", R"([["r","x",null]])"},
                                  {1, "ok", R"([["r","x",[1]]])"}};
  EXPECT_EQ(validities({"read-uncommitted", "read-committed"}, aborted),
            (Found{{"read-uncommitted", Validity::valid}, {"read-committed", Validity::invalid}}));
  EXPECT_THAT(judged_at("read-committed", aborted).verdict.sentence, HasSubstr("G1a"));
}

TEST_F(TransactionsTest, writes_that_interleave_break_read_uncommitted) {
  const std::vector<Line> interleaved{{0, "invoke", R"([["append","x",1],["append","y",1]])"},
                                      {1, "invoke", R"([["append","x",2],["append","y",2]])"},
                                      {0, "ok", R"([["append","x",1],["append","y",1]])"},
                                      {1, "ok", R"([["append","x",2],["append","y",2]])"},
                                      {0, "invoke", R"([["r","x",null],["r","y",null]])"},
                                      {0, "ok", R"([["r","x",[1,2]],["r","y",[2,1]]])"}};
  EXPECT_EQ(judged_at("read-uncommitted", interleaved).verdict.validity, Validity::invalid);
  EXPECT_THAT(judged_at("read-uncommitted", interleaved).verdict.sentence, HasSubstr("G0"));
}

TEST_F(TransactionsTest, half_of_a_transaction_breaks_monotonic_atomic_view) {
  const std::vector<Line> fractured{{0, "invoke", R"([["append","x",1],["append","y",1]])"},
                                    {1, "invoke", R"([["r","x",null],["r","y",null]])"},
                                    {0, "ok", R"([["append","x",1],["append","y",1]])"},
                                    {1, "ok", R"([["r","x",[1]],["r","y",[]]])"},
                                    {1, "invoke", R"([["r","y",null]])"},
                                    {1, "ok", R"([["r","y",[1]]])"}};
  EXPECT_EQ(
      validities({"read-committed", "monotonic-atomic-view", "read-atomic", "snapshot-isolation"},
                 fractured),
      (Found{{"read-committed", Validity::valid},
             {"monotonic-atomic-view", Validity::invalid},
             {"read-atomic", Validity::invalid},
             {"snapshot-isolation", Validity::invalid}}));
}

TEST_F(TransactionsTest, registers_with_unique_writes_are_judged_by_isolation_too) {
  const std::vector<Line> lines{{0, "invoke", R"([["w","x",1]])"},
                                {0, "ok", R"([["w","x",1]])"},
                                {1, "invoke", R"([["r","x",null]])"},
                                {1, "ok", R"([["r","x",null]])"}};
  const auto judgement = judged(lines);
  EXPECT_EQ(judgement.verdict.validity, Validity::invalid);
  EXPECT_EQ(judgement.verdict.checks.at(0).name, "isolation");
}

TEST_F(TransactionsTest,
       registers_that_write_a_value_twice_are_judged_by_their_model_which_is_said) {
  const std::vector<Line> lines{
      {0, "invoke", R"([["w","x",1]])"},    {0, "ok", R"([["w","x",1]])"},
      {0, "invoke", R"([["w","x",1]])"},    {0, "ok", R"([["w","x",1]])"},
      {1, "invoke", R"([["r","x",null]])"}, {1, "ok", R"([["r","x",1]])"}};
  const auto judgement = judged(lines);
  EXPECT_EQ(judgement.verdict.validity, Validity::valid);
  EXPECT_EQ(judgement.verdict.checks.at(0).name, "linearizable");
  EXPECT_THAT(judgement.history.assumptions,
              testing::Contains(HasSubstr("not judged by isolation levels: ")));
  EXPECT_THROW(judged_at("serializable", lines), history::AssumptionBroken);
}

TEST_F(TransactionsTest, the_model_of_registers_judges_if_it_is_named) {
  HistoryReading reading;
  reading.model = "txn-register";
  const auto judgement =
      judged({{0, "invoke", R"([["w","x",1]])"}, {0, "ok", R"([["w","x",1]])"}}, reading);
  EXPECT_EQ(judgement.verdict.checks.at(0).name, "linearizable");
}

TEST_F(TransactionsTest, lists_are_judged_by_isolation_also_if_their_model_is_named) {
  HistoryReading reading;
  reading.model = "list-append";
  EXPECT_EQ(judged(stale_read, reading).verdict.checks.at(0).name, "isolation");
}

TEST_F(TransactionsTest, without_an_answer_nothing_is_decided) {
  EXPECT_EQ(judged({{0, "invoke", R"([["append","x",1]])"}}).verdict.validity, Validity::unknown);
}

TEST_F(TransactionsTest, a_level_and_a_model_are_not_both_taken) {
  HistoryReading reading;
  reading.model = "txn-register";
  reading.isolation = level_named("serializable");
  EXPECT_THAT([&] { judged(stale_read, reading); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("either --isolation or --model")));
}

}  // namespace
}  // namespace sunder::harness
