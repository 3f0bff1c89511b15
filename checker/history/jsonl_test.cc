#include "checker/history/jsonl.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
  std::vector<Event> events;
  std::vector<std::int64_t> lines;
  std::vector<std::string> warnings;
};

Read read(const std::string& content) {
  const TemporaryFile file(content);
  Read read;
  LineReader reader(file.path());
  Naming naming;
  const auto keep = [&](Event& event, std::int64_t line) {
    read.events.push_back(event);
    read.lines.push_back(line);
  };
  read.warnings = read_json_lines(reader, keep, naming);
  return read;
}

/// The message behind the file's name.
std::string error_of(const std::string& content) {
  const TemporaryFile file(content);
  try {
    LineReader lines(file.path());
    Naming naming;
    read_json_lines(
        lines, [](Event&, std::int64_t) {}, naming);
  } catch (const InputError& error) {
    return std::string(error.what()).substr(file.path().string().size());
  }
  return "no error";
}

Event sample() {
  Event event;
  event.index = 7;
  event.time = Time{1200345};
  event.process = ProcessId{3};
  event.type = EventType::ok;
  event.f = "cas";
  event.key = "k\"1\n";
  event.value = List{Value(1), Value()};
  event.error = "tab\there";
  event.answer = Answer{"n2", Value(3), 12, 2, 0xab};
  return event;
}

constexpr const char* write_17 =
    R"({"index":0,"time":5,"process":3,"type":"invoke","f":"write","key":"k1","value":17})"
    "\n";

TEST(JsonLines, an_event_comes_back_as_it_was_written) {
  std::string line;
  append_json_line(line, sample());
  EXPECT_EQ(line.back(), '\n');
  line.pop_back();
  EXPECT_EQ(parse_json_line(line), sample());
}

TEST(JsonLines, a_completion_may_say_who_answered_what_it_found_and_which_entry_it_was) {
  const auto parsed = parse_json_line(
      R"({"node":"n2","found":null,"revision":12,"term":2,"command":"00000000000000ab",)"
      R"("process":3,"type":"fail","f":"cas"})");
  EXPECT_EQ(parsed.answer, (Answer{"n2", Value(), 12, 2, 0xab}));
  const TemporaryFile file(R"({"process":3,"type":"invoke","f":"cas"})"
                           "\n"
                           R"({"process":3,"type":"fail","f":"cas","found":7})"
                           "\n");
  const auto history = read_history(file.path(), Format::json_lines);
  EXPECT_EQ(history.operations.at(0).answer->found, Value(7));
}

TEST(JsonLines, fields_of_an_answer_with_other_types_are_ignored) {
  for (const auto* fields :
       {R"("node":3)", R"("node":"")", R"("command":"SET x")", R"("command":"ab")",
        R"("term":"one")", R"("revision":1.5)", R"("revision":null)"}) {
    const auto line = fmt::format(R"({{"process":3,"type":"ok","f":"read",{}}})", fields);
    EXPECT_FALSE(parse_json_line(line).answer) << line;
  }
  EXPECT_FALSE(parse_json_line(R"({"process":3,"type":"invoke","f":"read","node":"n1"})").answer);
}

TEST(JsonLines, every_kind_of_value_comes_back_as_it_was_written) {
  const std::vector<Value> values = {
      Value(),         Value(true),
      Value(-5),       Value(2.0),
      Value(1e300),    Value("\x01 \"\\ é"),
      Value(List{}),   Value(List{Value(List{Value(1)}), Value("x")}),
      Value(Object{}), Value(Object{{"kind", Value("kill")}, {"nodes", Value(List{Value(1)})}})};
  for (const auto& value : values) {
    Event event = sample();
    event.value = value;
    std::string line;
    append_json_line(line, event);
    line.pop_back();
    EXPECT_EQ(parse_json_line(line), event) << line;
  }
}

TEST(JsonLines, the_design_s_own_example_is_read) {
  const auto result = read(
      R"({"index":0,"time":1200345,"process":3,"type":"invoke","f":"write","key":"k1","value":17}
{"index":1,"time":3400112,"process":3,"type":"ok","f":"write","key":"k1","value":17}
{"index":2,"time":3500000,"process":"nemesis","type":"info","f":"partition","value":{"a":1}}
)");
  ASSERT_EQ(result.events.size(), 3U);
  EXPECT_EQ(result.events[1].type, EventType::ok);
  EXPECT_EQ(result.events[1].value, Value(17));
  EXPECT_EQ(result.events[2].process, ProcessId::nemesis);
  EXPECT_TRUE(result.warnings.empty());
}

TEST(JsonLines, missing_indexes_are_counted_and_lines_are_the_file_s) {
  const auto result = read(
      "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}\n\n"
      "{\"process\":0,\"type\":\"ok\",\"f\":\"read\",\"key\":5,\"value\":null}\n");
  ASSERT_EQ(result.events.size(), 2U);
  EXPECT_EQ(result.events[1].index, 1);
  EXPECT_EQ(result.events[1].key, "5");
  EXPECT_THAT(result.lines, ElementsAre(1, 3));
}

TEST(JsonLines, nothing_of_an_event_leaks_into_the_next) {
  const auto result = read(
      "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"a\",\"value\":1,"
      "\"error\":\"x\",\"time\":9}\n{\"process\":1,\"type\":\"invoke\",\"f\":\"read\"}\n");
  EXPECT_EQ(result.events[1].key, "");
  EXPECT_TRUE(result.events[1].value.is_nil());
  EXPECT_EQ(result.events[1].error, "");
  EXPECT_EQ(result.events[1].time, Time{0});
}

TEST(JsonLines, a_last_line_cut_off_anywhere_is_forgiven_with_a_warning) {
  const std::string whole(write_17);
  for (std::size_t length = 1; length + 1 < whole.size(); ++length) {
    const auto result = read(whole + whole.substr(0, length));
    EXPECT_EQ(result.events.size(), 1U) << length;
    ASSERT_EQ(result.warnings.size(), 1U) << length;
    EXPECT_THAT(result.warnings[0], HasSubstr(":2: the last line was cut off"));
  }
}

TEST(JsonLines, a_whole_last_line_needs_no_newline) {
  std::string whole(write_17);
  whole.pop_back();
  const auto result = read(whole);
  EXPECT_EQ(result.events.size(), 1U);
  EXPECT_TRUE(result.warnings.empty());
}

TEST(JsonLines, a_cut_off_line_in_the_middle_is_an_error) {
  EXPECT_THAT(error_of(std::string("{\"process\":0,\"type\"\n") + write_17), HasSubstr(":1:"));
}

TEST(JsonLines, a_last_line_that_is_garbage_is_an_error) {
  EXPECT_THAT(error_of(std::string(write_17) + "hello"), HasSubstr(":2:1: not JSON: "));
  EXPECT_THAT(error_of(std::string(write_17) + "{]"), HasSubstr(":2:"));
}

TEST(JsonLines, errors_name_line_and_column_and_what_is_allowed) {
  const std::string good(write_17);
  EXPECT_THAT(error_of(good + "{\"process\":0,\"type\":\"okay\",\"f\":\"read\"}\n"),
              HasSubstr(":2:21: type \"okay\": use invoke, ok, fail or info"));
  EXPECT_THAT(error_of(good + "{\"process\":-4,\"type\":\"ok\",\"f\":\"read\"}\n"),
              HasSubstr(":2:12: the process is -4: it must be a number from 0 on"));
  EXPECT_THAT(error_of("{\"process\":0,\"type\":\"ok\"}\n"), HasSubstr(":1: the field \"f\""));
  EXPECT_THAT(error_of("[1]\n"), HasSubstr(":1:"));
  EXPECT_THAT(error_of("{\"process\":0,\"type\":\"ok\",\"f\":\"read\"} 5\n"),
              HasSubstr(":1:38: not JSON"));
}

TEST(JsonLines, an_integer_beyond_64_bits_is_compared_as_text) {
  const auto value = [](const std::string& number) {
    return parse_json_line(R"({"process":0,"type":"ok","f":"x","value":)" + number + "}").value;
  };
  EXPECT_EQ(value("18446744073709551616"), Value("18446744073709551616N"));
  EXPECT_EQ(value("9223372036854775808"), Value("9223372036854775808N"));
  EXPECT_EQ(value("-99999999999999999999 "), Value("-99999999999999999999N"));
}

TEST(JsonLines, the_keys_1_and_text_1_are_two) {
  const auto key = [](const std::string& json) {
    return parse_json_line(R"({"process":0,"type":"ok","f":"x","key":)" + json + "}").key;
  };
  EXPECT_EQ(key("1"), "1");
  EXPECT_EQ(key("1.0"), "1");
  EXPECT_EQ(key(R"("1")"), R"("1")");
  EXPECT_EQ(key(R"("k1")"), "k1");
  EXPECT_EQ(key("null"), "");
}

TEST(JsonLines, a_number_beyond_every_number_is_an_error_wherever_it_stands) {
  EXPECT_THROW(read("7E977798"), InputError);
  EXPECT_THROW(read("7E977798\n"), InputError);
  EXPECT_THROW(read("{\"process\":0,\"type\":\"ok\",\"f\":\"read\",\"value\":7E977798}\n"),
               InputError);
}

TEST(JsonLines, deep_nesting_is_refused) {
  const std::string open(200, '[');
  const std::string close(200, ']');
  EXPECT_THAT(
      error_of("{\"process\":0,\"type\":\"ok\",\"f\":\"x\",\"value\":" + open + close + "}\n"),
      HasSubstr("nested deeper"));
}

TEST(JsonLines, a_missing_file_is_named) {
  EXPECT_THROW(read_history("/nonexistent/history.jsonl"), InputError);
}

TEST(JsonLines, lines_longer_than_the_buffer_are_read) {
  const std::string text(3U << 20, 'x');
  const auto result = read(std::string(write_17) +
                           "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":\"" +
                           text + "\"}\n" + write_17);
  ASSERT_EQ(result.events.size(), 3U);
  EXPECT_EQ(*result.events[1].value.text(), text);
}

TEST(Jsonl, a_member_that_stands_there_twice_is_refused) {
  EXPECT_THAT(error_of(R"({"process":0,"type":"ok","f":"read","value":1,"value":2})"),
              HasSubstr(":1:55: the event has the field \"value\" twice"));
}

TEST(Jsonl, times_may_be_dates_or_have_a_unit_and_a_bare_fraction_is_refused) {
  const auto time = [](const std::string& field) {
    return parse_json_line(R"({"process":0,"type":"ok","f":"read",)" + field + "}").time.count();
  };
  EXPECT_EQ(time(R"("time":5.0)"), 5);
  EXPECT_EQ(time(R"("time":1.5e9)"), 1'500'000'000);
  EXPECT_EQ(time(R"("time":"1970-01-01T00:00:01.25Z")"), 1'250'000'000);
  EXPECT_EQ(time(R"("time_s":1.25)"), 1'250'000'000);
  EXPECT_EQ(time(R"("time_ms":1.25)"), 1'250'000);
  EXPECT_EQ(time(R"("time_ms":9,"time":3)"), 3);
  EXPECT_EQ(time(R"("time":3,"time_ms":9)"), 3);
  EXPECT_THAT(error_of(R"({"process":0,"type":"ok","f":"read","time":1.25})"),
              HasSubstr("--map time_s=time"));
  EXPECT_THAT(error_of(R"({"process":0,"type":"ok","f":"read","time":"soon"})"),
              HasSubstr("the time must be a number"));
}

TEST(Jsonl, what_other_programs_write_for_the_same_is_read) {
  const auto events =
      read(R"({"process":1.0,"type":":ok","f":":read","value":null})"
           "\n"
           R"({"process":"2","type":"INVOKE","value":[["r",1,null],["append",1,2]]})"
           "\n"
           R"({"process":":nemesis","type":"info","f":"kill"})")
          .events;
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].process, ProcessId{1});
  EXPECT_EQ(events[0].type, EventType::ok);
  EXPECT_EQ(events[0].f, "read");
  EXPECT_EQ(events[1].process, ProcessId{2});
  EXPECT_EQ(events[1].f, "txn");
  EXPECT_EQ(events[2].process, ProcessId::nemesis);
}

}  // namespace
}  // namespace sunder::history
