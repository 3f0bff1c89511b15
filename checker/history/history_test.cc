#include "checker/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::history {
namespace {

using testing::HasSubstr;

Event event(int process, EventType type, std::string f, Value value = {}, std::string key = "") {
  Event event;
  event.process = ProcessId{process};
  event.type = type;
  event.f = std::move(f);
  event.value = std::move(value);
  event.key = std::move(key);
  return event;
}

History build(std::vector<Event> events, std::int64_t lines_apart = 1) {
  OperationBuilder builder("h.jsonl");
  std::int64_t line = 1;
  for (auto& each : events) {
    builder.add(each, line);
    line += lines_apart;
  }
  return builder.finish({});
}

std::string refusal_of(std::vector<Event> events) {
  try {
    build(std::move(events));
  } catch (const AssumptionBroken& error) {
    return error.what();
  }
  return "accepted";
}

TEST(OperationBuilder, pairs_interleaved_invocations_and_completions) {
  const auto history =
      build({event(0, EventType::invoke, "write", 5), event(1, EventType::invoke, "read"),
             event(1, EventType::ok, "read", 5), event(0, EventType::fail, "write", 5)});
  ASSERT_EQ(history.operations.size(), 2U);
  EXPECT_EQ(history.operations[0].outcome, Outcome::fail);
  EXPECT_EQ(history.operations[0].invoked, 0);
  EXPECT_EQ(history.operations[0].returned, 3);
  EXPECT_EQ(history.operations[1].outcome, Outcome::ok);
  EXPECT_TRUE(history.operations[1].argument.is_nil());
  EXPECT_EQ(history.operations[1].result, Value(5));
}

TEST(OperationBuilder, what_never_completed_is_info) {
  const auto history =
      build({event(0, EventType::invoke, "write", 5), event(1, EventType::invoke, "write", 6),
             event(1, EventType::info, "write", 6)});
  for (const auto& operation : history.operations) {
    EXPECT_EQ(operation.outcome, Outcome::info);
    EXPECT_EQ(operation.returned, never);
  }
}

TEST(OperationBuilder, keeps_the_nemesis_apart_at_its_positions) {
  auto fault = event(0, EventType::info, "kill");
  fault.process = ProcessId::nemesis;
  const auto history =
      build({event(0, EventType::invoke, "read"), fault, event(0, EventType::ok, "read", 1)});
  ASSERT_EQ(history.faults.size(), 1U);
  EXPECT_EQ(history.faults[0].index, 1);
  EXPECT_EQ(history.operations[0].returned, 2);
}

TEST(OperationBuilder, refuses_a_completion_without_an_invocation) {
  EXPECT_THAT(refusal_of({event(0, EventType::ok, "read", 1)}),
              HasSubstr("h.jsonl:1: ok of read by process 0, which has nothing open"));
  EXPECT_THAT(refusal_of({event(0, EventType::invoke, "read"), event(0, EventType::ok, "read"),
                          event(0, EventType::ok, "read")}),
              HasSubstr("h.jsonl:3: "));
}

TEST(OperationBuilder, refuses_two_open_operations_of_one_process) {
  EXPECT_THAT(
      refusal_of({event(4, EventType::invoke, "read"), event(4, EventType::invoke, "write", 1)}),
      HasSubstr("h.jsonl:2: process 4 invokes write while its read of line 1"));
}

TEST(OperationBuilder, refuses_a_process_used_again_after_info) {
  EXPECT_THAT(
      refusal_of({event(4, EventType::invoke, "write", 1), event(4, EventType::info, "write", 1),
                  event(4, EventType::invoke, "read")}),
      HasSubstr("h.jsonl:3: process 4 is used again after the info"));
}

TEST(OperationBuilder, refuses_a_completion_of_another_call_or_key) {
  EXPECT_THAT(refusal_of({event(4, EventType::invoke, "write", 1, "a"),
                          event(4, EventType::ok, "write", 1, "b")}),
              HasSubstr("h.jsonl:2: completes write of key \"b\""));
  EXPECT_THAT(
      refusal_of({event(4, EventType::invoke, "write", 1), event(4, EventType::ok, "read", 1)}),
      HasSubstr("h.jsonl:2: completes read"));
}

TEST(History, knows_the_lines_of_a_file_with_gaps) {
  const auto history =
      build({event(0, EventType::invoke, "read"), event(0, EventType::ok, "read")}, 3);
  EXPECT_EQ(history.place_of(0).line, 1);
  EXPECT_EQ(history.place_of(1).line, 4);
}

}  // namespace
}  // namespace sunder::history
