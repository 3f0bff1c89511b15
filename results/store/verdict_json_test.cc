#include "results/store/verdict_json.h"

#include <chrono>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "results/page/sample/isolation_sample.h"
#include "results/store/value_json.h"

namespace sunder::results {
namespace {

using checker::CheckResult;
using checker::Counterexample;
using checker::Validity;
using checker::Verdict;
using history::List;
using history::Object;
using history::Operation;
using history::Outcome;
using history::ProcessId;
using history::Value;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;

Operation write_of_21() {
  Operation write;
  write.process = ProcessId{5};
  write.f = "write";
  write.key = "k1";
  write.argument = write.result = 21;
  write.outcome = Outcome::ok;
  write.invoked = 10;
  write.returned = 11;
  write.invoked_at = 1200345ns;
  write.returned_at = 3400112ns;
  return write;
}

Operation crashed_cas() {
  Operation cas;
  cas.process = ProcessId{2};
  cas.f = "cas";
  cas.key = "k1";
  cas.argument = cas.result = List{21, "text"};
  cas.outcome = Outcome::info;
  cas.invoked = 12;
  cas.invoked_at = 4ms;
  return cas;
}

StoredVerdict invalid_run() {
  CheckResult linearizable;
  linearizable.name = "linearizable";
  linearizable.validity = Validity::invalid;
  linearizable.message = "client 2 did the impossible";
  linearizable.procedure = "zones";
  auto& example = linearizable.counterexample.emplace();
  example.key = "k1";
  example.operations = {write_of_21(), crashed_cas()};
  example.culprit = 1;
  example.sentence = linearizable.message;
  example.elements = {21, "text"};
  example.stale = checker::Stale{5ms, 3};
  linearizable.staleness = checker::Staleness{2, {4ms, 2}, {5ms, 3}};
  example.shortfall = checker::Shortfall{5, 4};
  linearizable.fates.emplace();
  linearizable.fates->acknowledged = 9;
  linearizable.fates->lost = {3, {1, "x"}};
  linearizable.fates->stale = {1, {7}};
  linearizable.fates->stale_max = 12ms;
  CheckResult election;
  election.name = "election safety";
  election.validity = Validity::unknown;
  election.message = "two leaders?";
  election.procedure = "traces";
  election.evidence = {{7ms, "n2", 5, 0, "n2 became leader of term 5"},
                       {8ms, "n3", 5, 12, "n3 became leader of term 5"}};
  const std::vector<Operation> operations = {write_of_21(), crashed_cas()};
  StoredVerdict stored{{Validity::invalid, linearizable.message, {linearizable, election}},
                       statistics_of(operations)};
  stored.statistics.unavailable = {{1ms, 900ms}};
  return stored;
}

void expect_equal(const Operation& left, const Operation& right) {
  EXPECT_EQ(left.process, right.process);
  EXPECT_EQ(left.f, right.f);
  EXPECT_EQ(left.key, right.key);
  EXPECT_EQ(left.argument, right.argument);
  EXPECT_EQ(left.result, right.result);
  EXPECT_EQ(left.outcome, right.outcome);
  EXPECT_EQ(left.invoked, right.invoked);
  EXPECT_EQ(left.returned, right.returned);
  EXPECT_EQ(left.invoked_at, right.invoked_at);
  EXPECT_EQ(left.returned_at, right.returned_at);
}

TEST(VerdictJson, everything_comes_back) {
  const StoredVerdict stored = invalid_run();
  const StoredVerdict back = parse_verdict_json(to_verdict_json(stored));
  EXPECT_EQ(back.statistics, stored.statistics);
  EXPECT_EQ(back.verdict.validity, Validity::invalid);
  EXPECT_EQ(back.verdict.sentence, "client 2 did the impossible");
  ASSERT_EQ(back.verdict.checks.size(), 2u);
  const CheckResult& linearizable = back.verdict.checks[0];
  EXPECT_EQ(linearizable.name, "linearizable");
  EXPECT_EQ(linearizable.procedure, "zones");
  EXPECT_EQ(linearizable.message, "client 2 did the impossible");
  ASSERT_TRUE(linearizable.counterexample.has_value());
  EXPECT_EQ(linearizable.counterexample->key, "k1");
  EXPECT_EQ(linearizable.counterexample->culprit, 1u);
  EXPECT_EQ(linearizable.counterexample->elements, (List{21, "text"}));
  EXPECT_EQ(linearizable.counterexample->stale->age, 5ms);
  EXPECT_EQ(linearizable.counterexample->stale->writes, 3u);
  EXPECT_EQ(linearizable.staleness->reads, 2u);
  EXPECT_EQ(linearizable.staleness->max.age, 5ms);
  EXPECT_EQ(linearizable.counterexample->shortfall->values, 5u);
  EXPECT_EQ(linearizable.counterexample->shortfall->dequeues, 4u);
  EXPECT_EQ(linearizable.fates->acknowledged, 9u);
  EXPECT_EQ(linearizable.fates->lost.count, 3u);
  EXPECT_EQ(linearizable.fates->lost.values, (List{1, "x"}));
  EXPECT_EQ(linearizable.fates->stale.values, (List{7}));
  EXPECT_EQ(linearizable.fates->stale_max, 12ms);
  ASSERT_EQ(linearizable.counterexample->operations.size(), 2u);
  expect_equal(linearizable.counterexample->operations[0], write_of_21());
  expect_equal(linearizable.counterexample->operations[1], crashed_cas());
  const CheckResult& election = back.verdict.checks[1];
  EXPECT_EQ(election.validity, Validity::unknown);
  EXPECT_FALSE(election.counterexample.has_value());
  ASSERT_EQ(election.evidence.size(), 2u);
  EXPECT_EQ(election.evidence[1].time, 8ms);
  EXPECT_EQ(election.evidence[1].node, "n3");
  EXPECT_EQ(election.evidence[1].term, 5u);
  EXPECT_EQ(election.evidence[1].index, 12u);
  EXPECT_EQ(election.evidence[1].what, "n3 became leader of term 5");
}

TEST(VerdictJson, writing_what_was_read_gives_the_same_text) {
  const std::string text = to_verdict_json(invalid_run());
  EXPECT_EQ(to_verdict_json(parse_verdict_json(text)), text);
}

TEST(VerdictJson, scripts_find_the_documented_fields) {
  const auto json = nlohmann::json::parse(to_verdict_json(invalid_run()));
  EXPECT_EQ(json["validity"], "invalid");
  EXPECT_EQ(json["statistics"]["operations"],
            (nlohmann::json{{"ok", 1}, {"refused", 0}, {"fail", 0}, {"info", 1}}));
  EXPECT_EQ(json["statistics"]["by_function"]["cas"]["info"], 1);
  EXPECT_EQ(json["statistics"]["longest_unavailability"], 899'000'000);
  EXPECT_EQ(json["statistics"]["latency"]["p99"], 2199767);
  const auto& operations = json["checks"][0]["counterexample"]["operations"];
  EXPECT_TRUE(operations[1]["returned"].is_null());
  EXPECT_EQ(operations[0]["returned_at"], 3400112);
}

TEST(VerdictJson, a_weakened_operation_keeps_its_answer_and_says_that_it_is_weakened) {
  auto stored = invalid_run();
  auto& weakened = stored.verdict.checks[0].counterexample->operations[0];
  weakened.weakened = true;
  weakened.returned = history::never;
  const auto json = nlohmann::json::parse(to_verdict_json(stored));
  const auto& operations = json["checks"][0]["counterexample"]["operations"];
  EXPECT_EQ(operations[0]["outcome"], "ok");
  EXPECT_EQ(operations[0]["weakened"], true);
  EXPECT_TRUE(operations[0]["returned"].is_null());
  EXPECT_EQ(operations[0]["returned_at"], weakened.returned_at.count());
  EXPECT_FALSE(operations[1].contains("weakened"));
}

StoredVerdict invalid_transactions() {
  CheckResult check;
  check.name = "isolation";
  check.validity = Validity::invalid;
  check.message = "strict-serializable is ruled out";
  check.isolation = stale_transaction();
  check.isolation->levels[0].finding = checker::isolation::Finding::not_ruled_out;
  check.isolation->levels[0].open = "the order of 3 writes of key 7 is open";
  check.isolation->anomalies[0].transactions[1].outcome = Outcome::info;
  check.isolation->anomalies[0].transactions[1].returned = history::never;
  check.isolation->anomalies[0].transactions[1].returned_at = 0ns;
  return {{Validity::invalid, check.message, {check}}, {}};
}

TEST(VerdictJson, the_account_of_isolation_comes_back) {
  const auto text = to_verdict_json(invalid_transactions());
  const auto back = parse_verdict_json(text);
  EXPECT_EQ(to_verdict_json(back), text);
  ASSERT_TRUE(back.verdict.checks.at(0).isolation.has_value());
  const auto& account = *back.verdict.checks[0].isolation;
  EXPECT_EQ(account.claimed, checker::isolation::Level{});
  EXPECT_EQ(account.transactions, 9'412u);
  EXPECT_EQ(account.levels.size(), checker::isolation::all_levels().size());
  EXPECT_EQ(account.levels[0].open, "the order of 3 writes of key 7 is open");
  EXPECT_EQ(account.counts.at(1).count, 7u);
  const auto& anomaly = account.anomalies.at(0);
  EXPECT_EQ(anomaly.transactions.at(0).steps, std::vector<std::string>{"r 34 → []"});
  EXPECT_EQ(anomaly.transactions[0].invoked_at, 17063ms);
  EXPECT_EQ(anomaly.transactions[1].returned, history::never);
  EXPECT_EQ(anomaly.cycle.at(1).kind, checker::isolation::EdgeKind::real_time);
}

TEST(VerdictJson, scripts_find_the_model_and_the_order_of_a_level) {
  const auto json = nlohmann::json::parse(to_verdict_json(invalid_transactions()));
  const auto& level = json["checks"][0]["isolation"]["levels"].back();
  EXPECT_EQ(level, (nlohmann::json{{"level", "strict-serializable"},
                                   {"model", "serializable"},
                                   {"order", "realtime"},
                                   {"finding", "ruled out"},
                                   {"anomaly", 0}}));
}

TEST(VerdictJson, an_account_that_points_to_what_is_not_there_is_refused) {
  const auto refuses = [](const nlohmann::json::json_pointer& where, const nlohmann::json& what) {
    auto json = nlohmann::json::parse(to_verdict_json(invalid_transactions()));
    json["checks"][0]["isolation"][where] = what;
    EXPECT_THROW(parse_verdict_json(json.dump()), std::runtime_error) << where;
  };
  refuses(nlohmann::json::json_pointer("/anomalies/0/cycle/0/to"), 2);
  refuses(nlohmann::json::json_pointer("/levels/26/anomaly"), 1);
  refuses(nlohmann::json::json_pointer("/claimed"), "very-serializable");
  refuses(nlohmann::json::json_pointer("/anomalies/0/cycle/0/kind"), "friend");
}

TEST(VerdictJson, bytes_that_are_not_text_do_not_stop_the_verdict) {
  StoredVerdict stored = invalid_run();
  stored.verdict.sentence = "client read \xff\xfe";
  EXPECT_NO_THROW(parse_verdict_json(to_verdict_json(stored)));
}

TEST(VerdictJson, garbage_is_refused_with_what_is_wrong) {
  EXPECT_THAT([] { parse_verdict_json("{"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("this is no verdict.json")));
  EXPECT_THAT([] { parse_verdict_json("{}"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("'validity' not found")));
  EXPECT_THAT([] { parse_verdict_json(R"({"validity":"fine"})"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("'fine'")));
}

TEST(ValueJson, every_kind_of_value_comes_back) {
  const Value value =
      Object{{"z", Value()},  {"a", true},           {"integer", std::int64_t{-9007199254740993}},
             {"number", 0.5}, {"text", "</script>"}, {"list", List{1, List{}, Object{}}}};
  EXPECT_EQ(value_of(json_of(value)), value);
  EXPECT_EQ(json_of(value).dump(), R"({"z":null,"a":true,"integer":-9007199254740993,"number":0.5,)"
                                   R"("text":"</script>","list":[1,[],{}]})");
}

TEST(VerdictJson, keeps_what_was_assumed_and_reads_a_verdict_that_says_nothing_of_it) {
  StoredVerdict stored = invalid_run();
  stored.assumptions = {"values are [key value]"};
  stored.warnings = {"h.edn:9: the last operation was cut off and is ignored"};
  const auto text = to_verdict_json(stored);
  EXPECT_EQ(parse_verdict_json(text).assumptions, stored.assumptions);
  EXPECT_EQ(parse_verdict_json(text).warnings, stored.warnings);
  auto older = nlohmann::ordered_json::parse(text);
  older.erase("assumptions");
  older.erase("warnings");
  EXPECT_TRUE(parse_verdict_json(older.dump()).assumptions.empty());
}

}  // namespace
}  // namespace sunder::results
