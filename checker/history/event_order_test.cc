#include "checker/history/event_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::HasSubstr;

std::string event(int process, const char* type, const char* f, int time) {
  return R"({"process":)" + std::to_string(process) + R"(,"type":")" + type + R"(","f":")" + f +
         R"(","time":)" + std::to_string(time) + "}\n";
}

History read_in(EventOrder order, const std::string& lines) {
  const TemporaryFile file(lines);
  Interpretation interpretation;
  interpretation.order = order;
  checker::Budget budget;
  return read_foreign_history(file.path(), interpretation, budget);
}

std::string refusal_of(const std::string& lines) {
  try {
    read_in(EventOrder::checked, lines);
  } catch (const AssumptionBroken& broken) {
    return broken.what();
  }
  return "accepted";
}

const std::string before = event(1, "invoke", "read", 30) + event(1, "ok", "read", 40);
const std::string after = event(0, "invoke", "write", 10) + event(0, "ok", "write", 20);

TEST(EventOrder, lines_and_times_that_contradict_each_other_are_refused) {
  EXPECT_THAT(refusal_of(before + after),
              testing::AllOf(HasSubstr(":2: "), HasSubstr("returns on line 2"),
                             HasSubstr("of line 3"), HasSubstr("--order time")));
}

TEST(EventOrder, the_user_says_which_order_is_right) {
  EXPECT_EQ(read_in(EventOrder::lines, before + after).operations.at(0).f, "read");
  const auto by_time = read_in(EventOrder::time, before + after);
  EXPECT_EQ(by_time.operations.at(0).f, "write");
  EXPECT_LT(by_time.operations.at(0).returned, by_time.operations.at(1).invoked);
  EXPECT_EQ(by_time.place_of(by_time.operations.at(0).invoked).line, 3);
}

TEST(EventOrder, times_that_go_back_and_change_nothing_are_a_warning) {
  const auto history = read_in(EventOrder::checked,
                               event(0, "invoke", "write", 12) + event(1, "invoke", "read", 11) +
                                   event(0, "ok", "write", 20) + event(1, "ok", "read", 40));
  ASSERT_EQ(history.warnings.size(), 1U);
  EXPECT_THAT(history.warnings[0], HasSubstr(":2: the time goes back"));
}

TEST(EventOrder, times_by_which_operations_overlap_that_did_not_are_a_warning) {
  const auto history =
      read_in(EventOrder::checked, event(0, "invoke", "write", 10) + event(0, "ok", "write", 20) +
                                       event(1, "invoke", "read", 19) + event(1, "ok", "read", 40));
  EXPECT_EQ(history.warnings.size(), 1U);
  EXPECT_LT(history.operations.at(0).returned, history.operations.at(1).invoked);
}

TEST(EventOrder, indices_that_go_back_contradict_the_lines) {
  EXPECT_THAT(refusal_of(R"({"index":5,"process":0,"type":"invoke","f":"read"})"
                         "\n"
                         R"({"index":4,"process":1,"type":"invoke","f":"read"})"),
              testing::AllOf(HasSubstr(":2: "), HasSubstr("indices contradict")));
}

TEST(EventOrder, the_place_of_a_failed_operation_does_not_matter) {
  EXPECT_EQ(refusal_of(event(1, "invoke", "write", 30) + event(1, "fail", "write", 40) + after),
            "accepted");
}

TEST(EventOrder, a_file_without_times_has_one_order) {
  EXPECT_EQ(refusal_of(event(0, "invoke", "write", 0) + event(0, "ok", "write", 0) +
                       event(1, "invoke", "read", 0) + event(1, "ok", "read", 0)),
            "accepted");
}

TEST(EventOrder, events_of_one_time_are_concurrent) {
  const auto history =
      read_in(EventOrder::time, event(0, "invoke", "write", 5) + event(0, "ok", "write", 5) +
                                    event(0, "invoke", "write", 5) + event(0, "ok", "write", 6) +
                                    event(1, "invoke", "read", 5) + event(1, "ok", "read", 5));
  ASSERT_EQ(history.operations.size(), 3U);
  const auto& first = history.operations.at(0);
  const auto& read = history.operations.at(1);
  EXPECT_EQ(read.f, "read");
  EXPECT_LT(read.invoked, first.returned);
}

TEST(EventOrder, processes_that_go_on_at_once_do_not_order_the_operations_of_others) {
  const auto history =
      read_in(EventOrder::time, event(0, "invoke", "write", 1) + event(1, "invoke", "read", 2) +
                                    event(0, "ok", "write", 5) + event(0, "invoke", "write", 5) +
                                    event(1, "ok", "read", 5) + event(1, "invoke", "read", 5) +
                                    event(1, "ok", "read", 9) + event(0, "ok", "write", 9));
  const auto& write = history.operations.at(0);
  for (const auto& operation : history.operations) EXPECT_LT(operation.invoked, write.returned);
  EXPECT_EQ(history.place_of(write.returned).line, 3);
}

}  // namespace
}  // namespace sunder::history
