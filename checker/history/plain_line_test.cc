#include "checker/history/plain_line.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/history/jsonl.h"
#include "checker/history/line_reader.h"

namespace sunder::history {
namespace {

/// What append_json_line writes, without the newline.
std::string line_of(const Event& event) {
  std::string line;
  append_json_line(line, event);
  line.pop_back();
  return line;
}

/// parse_plain_line() of a line as LineReader gives it: more can be read behind it.
bool parse_padded(const std::string& line, Event& event) {
  std::string padded = line + '\n';
  padded.append(LineReader::padding, '"');
  return parse_plain_line({padded.data(), line.size()}, event);
}

Event answered(Event event) {
  event.answer = Answer{"n2", {}, 12, 2, 0xab};
  return event;
}

Event event_with(Value value) {
  Event event;
  event.index = 3;
  event.time = Time{-12};
  event.process = ProcessId{4};
  event.type = EventType::fail;
  event.f = "write";
  event.key = "k1";
  event.value = std::move(value);
  return event;
}

TEST(PlainLine, reads_the_usual_lines) {
  for (const auto& value : {Value(), Value(17), Value(-1), Value("text"), Value(""),
                            Value(List{Value(1), Value()}), Value(List{Value("a")})}) {
    Event event;
    ASSERT_TRUE(parse_padded(line_of(event_with(value)), event));
    EXPECT_EQ(event, event_with(value));
  }
}

TEST(PlainLine, reads_what_a_completion_says_besides_its_value) {
  for (auto event : {answered(event_with(Value(17))), answered(event_with(Value()))}) {
    for (const auto& found : {std::optional<Value>(), std::optional(Value()),
                              std::optional(Value(4)), std::optional(Value("x"))}) {
      event.answer->found = found;
      for (const auto* error : {"", "mismatch"}) {
        event.error = error;
        Event read;
        ASSERT_TRUE(parse_padded(line_of(event), read)) << line_of(event);
        EXPECT_EQ(read, event);
      }
    }
  }
}

TEST(PlainLine, leaves_the_unusual_to_the_parser) {
  Event event;
  for (const auto& value : {Value(1.5), Value(true), Value("\"quoted\""), Value("é"),
                            Value(INT64_MAX), Value(List{}), Value(Object{})}) {
    EXPECT_FALSE(parse_padded(line_of(event_with(value)), event)) << to_json(value);
  }
}

TEST(PlainLine, reads_integers_of_each_length) {
  std::string digits;
  for (int length = 1; length <= 20; ++length) {
    digits += static_cast<char>('0' + length % 10);
    for (const auto* sign : {"", "-"}) {
      const std::string line =
          fmt::format(R"({{"index":3,"time":0,"process":4,"type":"ok","f":"read","value":{}{}}})",
                      sign, digits);
      Event event;
      ASSERT_EQ(parse_padded(line, event), length <= 18) << line;
      if (length <= 18) {
        EXPECT_EQ(event.value, Value(std::int64_t{std::stoll(sign + digits)}));
      }
    }
  }
}

TEST(PlainLine, leaves_what_is_no_plain_integer_to_the_parser) {
  for (const auto* value : {"", "-", "01", "-01", "-0", "1.0", "1e3", "1E3", "12345678.5",
                            "1234567890123456789", "+1", "1:", "12345678:"}) {
    Event event;
    EXPECT_FALSE(parse_padded(
        fmt::format(R"({{"index":3,"time":0,"process":4,"type":"ok","f":"read","value":{}}})",
                    value),
        event))
        << value;
  }
}

/// Damages a line a little, in a way that may or may not leave it readable.
std::string damaged(std::string line, std::mt19937_64& random) {
  static constexpr std::string_view bytes = "0123456789-+.eE\"\\{}[],: nultrfk\x01\x80";
  const auto at = random() % line.size();
  const char byte = bytes[random() % bytes.size()];
  switch (random() % 3) {
    case 0:
      line[at] = byte;
      break;
    case 1:
      line.insert(at, 1, byte);
      break;
    default:
      line.erase(at, 1);
  }
  return line;
}

void expect_as_the_parser_reads(const std::string& line, int& accepted) {
  Event event;
  if (!parse_padded(line, event)) return;
  ++accepted;
  try {
    EXPECT_EQ(parse_json_line(line), event) << line;
  } catch (const InputError& error) {
    ADD_FAILURE() << line << "\n" << error.what();
  }
}

TEST(PlainLine, reads_what_it_accepts_as_the_parser_does) {
  std::mt19937_64 random(5);
  const std::vector<Value> values = {Value(10), Value("x"), Value(List{Value(0), Value(7)})};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto whole = event_with(values[random() % values.size()]);
    if (i % 2 == 0) whole = answered(std::move(whole));
    expect_as_the_parser_reads(damaged(line_of(whole), random), accepted);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(PlainLine, reads_members_in_any_order_as_the_parser_does) {
  std::mt19937_64 random(6);
  std::vector<std::string> members = {
      R"("process": 4)",       R"("type" :"ok")", R"("f": "cas")",   R"("key": "k1")",
      R"("value":[ 1 ,null])", R"("time": 12)",   R"("index": 7)",   R"("error":"late")",
      R"("process": 5)",       R"("node": "n1")", R"("value": "v")", R"("time_ms": 3)"};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::shuffle(members.begin(), members.end(), random);
    const std::vector<std::string> chosen(members.begin(), members.begin() + 4 + i % 5);
    const auto line = fmt::format("{{{}{}{}}}", i % 3 == 0 ? " " : "", fmt::join(chosen, ", "),
                                  i % 7 == 0 ? "\t" : "");
    expect_as_the_parser_reads(i % 2 == 0 ? damaged(line, random) : line, accepted);
  }
  EXPECT_GT(accepted, 200);
}

TEST(PlainLine, lines_of_other_make_are_plain_too) {
  Event event;
  event.index = 9;
  ASSERT_TRUE(parse_padded(
      R"({"type": "invoke", "process": 3, "f": "write", "key": "k0", "value": 7})", event));
  EXPECT_EQ(event.index, 9);
  EXPECT_FALSE(event.has_time);
  EXPECT_EQ(event.value, Value(7));
  EXPECT_EQ(event.key, "k0");
}

}  // namespace
}  // namespace sunder::history
