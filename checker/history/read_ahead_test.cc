#include "checker/history/read_ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// More than all batches together can hold.
constexpr std::int64_t many = 10'000;

void pass_on(std::int64_t count, const EventSink& sink) {
  Event event;
  for (std::int64_t line = 1; line <= count; ++line) {
    event.index = line;
    event.value = List{Value(line)};
    sink(event, line);
  }
}

TEST(ReadAhead, events_keep_their_order_and_warnings_come_back) {
  std::int64_t taken = 0;
  const auto warnings = read_ahead(
      [](const EventSink& sink) {
        pass_on(many, sink);
        return std::vector<std::string>{"cut off"};
      },
      [&](Event& event, std::int64_t line) {
        ++taken;
        EXPECT_EQ(line, taken);
        EXPECT_EQ(event.index, taken);
        EXPECT_EQ(event.value, Value(List{Value(taken)}));
        event = {};
      });
  EXPECT_EQ(taken, many);
  EXPECT_THAT(warnings, ElementsAre("cut off"));
}

TEST(ReadAhead, an_exception_of_the_parser_waits_for_the_events_before_it) {
  std::int64_t taken = 0;
  const auto parse = [](const EventSink& sink) -> std::vector<std::string> {
    pass_on(many, sink);
    throw InputError({"file", many + 1}, "no event");
  };
  EXPECT_THROW(read_ahead(parse, [&](Event&, std::int64_t) { ++taken; }), InputError);
  EXPECT_EQ(taken, many);
}

TEST(ReadAhead, an_exception_of_the_other_thread_ends_the_parser) {
  const auto parse = [](const EventSink& sink) {
    pass_on(many, sink);
    return std::vector<std::string>();
  };
  const auto take = [](Event&, std::int64_t line) {
    if (line == 7) throw AssumptionBroken({"file", line}, "no history");
  };
  EXPECT_THROW(read_ahead(parse, take), AssumptionBroken);
}

TEST(ReadAhead, a_history_is_the_same_and_is_refused_at_the_same_line) {
  std::string text;
  for (int i = 0; text.size() < (std::size_t{3} << 20); ++i) {
    text += fmt::format(R"({{"process":{},"type":"invoke","f":"write","value":[{},"x"]}})"
                        "\n"
                        R"({{"process":{},"type":"{}","f":"write","value":[{},"x"]}})"
                        "\n",
                        i, i, i, i % 3 == 0 ? "ok" : "info", i);
  }
  const auto read = [](const TemporaryFile& file, unsigned threads) {
    Interpretation interpretation;
    interpretation.keys = Keys::none;
    interpretation.threads = threads;
    checker::Budget budget;
    return read_foreign_history(file.path(), interpretation, budget);
  };
  const TemporaryFile good(text);
  const auto one = read(good, 1);
  const auto two = read(good, 2);
  ASSERT_EQ(one.operations.size(), two.operations.size());
  for (std::size_t i = 0; i < one.operations.size(); ++i) {
    const auto& left = one.operations[i];
    const auto& right = two.operations[i];
    ASSERT_EQ(left.process, right.process);
    ASSERT_EQ(left.argument, right.argument);
    ASSERT_EQ(left.outcome, right.outcome);
    ASSERT_EQ(left.invoked, right.invoked);
    ASSERT_EQ(left.returned, right.returned);
  }
  // The builder refuses line 3 although the parser would refuse line 5.
  const TemporaryFile bad(R"({"process":0,"type":"invoke","f":"read"}
{"process":0,"type":"ok","f":"read"}
{"process":0,"type":"ok","f":"read"}

{"process":
)" + text);
  for (const unsigned threads : {1U, 2U}) {
    try {
      read(bad, threads);
      FAIL() << "accepted";
    } catch (const AssumptionBroken& broken) {
      EXPECT_THAT(broken.what(), HasSubstr(":3: ok of read by process 0")) << threads;
    }
  }
}

}  // namespace
}  // namespace sunder::history
