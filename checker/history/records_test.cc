#include "checker/history/records.h"

#include <array>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/merge.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::Contains;
using testing::HasSubstr;

History read_records(const std::string& text, const Vocabulary& names = {}) {
  const TemporaryFile file(text);
  Interpretation interpretation;
  interpretation.names = names;
  checker::Budget budget;
  return read_foreign_history(file.path(), interpretation, budget);
}

std::string refusal_of_records(const std::string& text, const Vocabulary& names = {}) {
  try {
    read_records(text, names);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Records, are_operations_in_the_order_of_their_times) {
  const auto history =
      read_records(R"({"process":1,"f":"read","value":7,"start":30,"end":40,"ok":true})"
                   "\n"
                   R"({"process":0,"f":"write","value":7,"start":10,"end":20,"ok":true})");
  ASSERT_EQ(history.operations.size(), 2U);
  const auto& write = history.operations[0];
  const auto& read = history.operations[1];
  EXPECT_EQ(write.f, "write");
  EXPECT_EQ(write.argument, Value(7));
  EXPECT_TRUE(read.argument.is_nil());
  EXPECT_EQ(read.result, Value(7));
  EXPECT_LT(write.returned, read.invoked);
  EXPECT_EQ(history.place_of(read.returned).line, 1);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("times are nanoseconds")));
}

TEST(Records, intervals_that_touch_are_concurrent) {
  const auto history = read_records(
      R"([{"process":0,"f":"write","value":7,"start":1,"end":5},
          {"process":1,"f":"read","value":null,"start":5,"end":6}])");
  EXPECT_LT(history.operations[1].invoked, history.operations[0].returned);
}

/// What is seen of a history.
std::string summary(const History& history) {
  std::string text;
  for (const auto& each : history.operations) {
    text += fmt::format("{} {} {} {} {} {} {}-{} {}-{} lines {} {}\n",
                        static_cast<std::int64_t>(each.process), each.f.text(), each.key.text(),
                        to_json(each.argument), to_json(each.result), name_of(each.outcome),
                        each.invoked, each.returned, each.invoked_at.count(),
                        each.returned_at.count(), history.place_of(each.invoked).line,
                        each.returned == never ? 0 : history.place_of(each.returned).line);
  }
  for (const auto& each : history.faults) {
    text += fmt::format("{} {} {}\n", each.f, each.index, each.time.count());
  }
  return text;
}

/// By way of events, as records of several files are read.
History read_by_events(const std::string& text) {
  const TemporaryFile file(text);
  checker::Budget budget;
  LineReader lines(file.path(), budget);
  const Vocabulary names;
  return merge_by_time({sunder::history::read_records(lines, names, budget)}, EventOrder::checked,
                       budget);
}

TEST(Records, are_the_same_history_with_events_and_without) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    std::array<int, 3> now{};
    for (int i = 0; i < 12; ++i) {
      const auto client = static_cast<std::size_t>(random() % 3);
      const int begin = now[client] + 1 + static_cast<int>(random() % 3);
      now[client] = begin + 1 + static_cast<int>(random() % 4);
      const bool is_fault = random() % 9 == 0;
      text += fmt::format(
          R"({{"process":{},"f":"{}","key":"k","value":{},"start":{},"end":{},"ok":{}}})"
          "\n",
          is_fault ? std::string("\"nemesis\"") : std::to_string(client),
          random() % 2 == 0 ? "read" : "write", i, begin, now[client],
          std::array{"true", "true", "false", "null"}[random() % 4]);
    }
    EXPECT_EQ(summary(read_records(text)), summary(read_by_events(text))) << text;
  }
}

TEST(Records, of_porcupine_are_told_from_their_fields) {
  const auto history = read_records(
      R"([{"ClientId":0,"Input":{"Op":"put","Key":"x","Value":"a"},"Call":0,"Output":{"Value":""},"Return":10},
          {"ClientId":1,"Input":{"Op":"get","Key":"x","Value":""},"Call":20,"Output":{"Value":"a"},"Return":30}])");
  EXPECT_EQ(history.operations[0].f, "write");
  EXPECT_EQ(history.operations[0].key, "x");
  EXPECT_EQ(history.operations[0].result, Value("a"));
  EXPECT_TRUE(history.operations[1].argument.is_nil());
  EXPECT_EQ(history.operations[1].result, Value("a"));
}

TEST(Records, of_go_have_an_empty_text_for_what_is_not_there) {
  const auto history = read_records(
      R"({"Input":{"op":"get","key":"x"},"Call":0,"Output":{"value":""},"Return":10})");
  EXPECT_TRUE(history.operations[0].result.is_nil());
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("found nothing")));
}

TEST(Records, a_number_as_the_operations_name_needs_a_meaning) {
  const std::string text =
      R"({"ClientId":0,"Input":{"op":1,"value":5},"Call":0,"Output":0,"Return":10})";
  EXPECT_THAT(refusal_of_records(text), HasSubstr("--map read=0,write=1"));
  Vocabulary names;
  names.operations = {{"1", "write"}};
  EXPECT_EQ(read_records(text, names).operations[0].f, "write");
}

TEST(Records, of_etcds_robustness_tests_are_refused_with_the_reason) {
  EXPECT_THAT(refusal_of_records(R"({"ClientId":1,"Input":{"Type":"range","Range":{"Start":"k"}},
                            "Call":1,"Output":{"Revision":4},"Return":2})"),
              HasSubstr("etcd's robustness tests (range)"));
}

TEST(Records, without_processes_get_as_many_as_overlap) {
  const auto history = read_records(
      R"([{"f":"write","value":1,"start":1,"end":5},{"f":"write","value":2,"start":2,"end":3},
          {"f":"write","value":3,"start":4,"end":9}])");
  EXPECT_NE(history.operations[0].process, history.operations[1].process);
  EXPECT_EQ(history.operations[1].process, history.operations[2].process);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("different processes")));
}

TEST(Records, a_client_that_calls_twice_at_once_is_refused_with_the_way_out) {
  const std::string text =
      R"([{"client":"a","f":"write","value":1,"start":1,"end":5},
          {"client":"a","f":"write","value":2,"start":2,"end":3},
          {"client":"b","f":"write","value":2,"start":2,"end":3}])";
  EXPECT_THAT(refusal_of_records(text), HasSubstr("--map process=none"));
  Vocabulary names;
  names.fields = {{"none", "process"}};
  EXPECT_EQ(read_records(text, names).operations.size(), 3U);
}

TEST(Records, without_an_end_may_happen_later) {
  const auto history = read_records(
      R"([{"process":"c","f":"write","value":1,"start":1},
          {"process":"c","f":"write","value":2,"start":2,"end":3,"ok":null},
          {"process":"c","f":"write","value":3,"start":4,"end":5,"ok":false}])");
  EXPECT_EQ(history.operations[0].outcome, Outcome::info);
  EXPECT_EQ(history.operations[1].outcome, Outcome::info);
  EXPECT_EQ(history.operations[2].outcome, Outcome::fail);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("new process")));
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("certainly had no effect")));
}

TEST(Records, outcomes_that_can_mean_two_things_are_refused) {
  const std::string text = R"({"f":"write","value":1,"start":1,"end":2,"status":"error"})";
  EXPECT_THAT(refusal_of_records(text), HasSubstr("--map fail=error or --map info=error"));
  Vocabulary names;
  names.types = {{"error", "info"}};
  EXPECT_EQ(read_records(text, names).operations[0].outcome, Outcome::info);
}

TEST(Records, times_may_be_fractions_dates_and_of_a_named_unit) {
  const auto seconds = read_records(R"({"f":"read","value":1,"start":1.5,"end":2})");
  EXPECT_EQ(seconds.operations[0].returned_at - seconds.operations[0].invoked_at,
            std::chrono::milliseconds(500));
  EXPECT_THAT(seconds.assumptions, Contains(HasSubstr("seconds")));
  const auto milliseconds = read_records(R"({"f":"read","value":1,"start_ms":1,"end_ms":3})");
  EXPECT_EQ(milliseconds.operations[0].returned_at, std::chrono::milliseconds(3));
  const auto dates = read_records(
      R"({"f":"read","value":1,"start":"2026-01-01T00:00:00.25Z","end":"2026-01-01T01:00:01+01:00"})");
  EXPECT_EQ(dates.operations[0].returned_at - dates.operations[0].invoked_at,
            std::chrono::milliseconds(750));
}

TEST(Records, fields_have_the_names_that_the_user_gives) {
  const std::string text = R"({"process":99,"who":1,"what":"write","value":1,"from":1,"to":2})";
  Vocabulary names;
  names.fields = {{"who", "process"}, {"what", "f"}, {"from", "start"}, {"to", "end"}};
  EXPECT_EQ(read_records(text, names).operations[0].process, ProcessId{1});
  names.fields.emplace("kee", "key");
  EXPECT_THAT(refusal_of_records(text, names), HasSubstr("no record has the field \"kee\""));
}

TEST(Records, two_fields_of_one_meaning_are_refused) {
  EXPECT_THAT(refusal_of_records(R"({"client":1,"worker":2,"f":"read","start":1,"end":2})"),
              HasSubstr("mean the same"));
}

TEST(Records, a_member_that_stands_there_twice_is_refused_among_few_and_among_many) {
  const std::string first = "{\"f\":\"read\",\"value\":1,\"start\":1,\"end\":2}\n";
  std::string others;
  for (int i = 0; i < 20; ++i) others += fmt::format(R"("x{}":{},)", i, i);
  for (const std::string& more : {std::string(), others}) {
    EXPECT_THAT(
        refusal_of_records(
            first +
            fmt::format(R"({{"f":"read",{}"value":1,"start":1,"end":2,"f":"read"}})", more)),
        HasSubstr("has the name \"f\" twice"));
    EXPECT_THAT(
        refusal_of_records(
            first +
            fmt::format(R"({{"f":"read",{}"value":{{"a":1,"a":1}},"start":1,"end":2}})", more)),
        HasSubstr("has the name \"a\" twice"));
  }
}

TEST(Records, that_are_cut_off_are_refused) {
  EXPECT_THAT(refusal_of_records("[{\"f\":\"read\",\"value\":1,\"start\":1,\"end\":2},\n{\"f\":"),
              HasSubstr("in the middle of a record"));
}

TEST(Records, that_end_before_they_start_are_refused) {
  EXPECT_THAT(refusal_of_records(R"({"f":"read","value":1,"start":3,"end":2})"),
              HasSubstr("before it starts"));
}

TEST(NamedFields, events_have_the_names_that_the_user_gives) {
  const std::string text = R"({"client":3,"type":"started","op":"read","value":null})";
  Vocabulary names;
  names.fields = {{"client", "process"}, {"op", "f"}};
  names.types = {{"started", "invoke"}};
  EXPECT_EQ(read_records(text, names).operations.at(0).process, ProcessId{3});
  names.fields.emplace("kee", "key");
  EXPECT_THAT(refusal_of_records(text, names), HasSubstr("no event has the field \"kee\""));
}

}  // namespace
}  // namespace sunder::history
