#include "checker/history/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/read.h"
#include "testing/temporary_file.h"

namespace sunder::history {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string line(const std::string& process, const char* type, const char* f, int value, int time) {
  return fmt::format(R"({{"process":{},"type":"{}","f":"{}","value":{},"time":{}}})"
                     "\n",
                     process, type, f, value, time);
}

std::string operation(int process, const char* f, int value, int from, int until) {
  const auto client = std::to_string(process);
  return line(client, "invoke", f, value, from) + line(client, "ok", f, value, until);
}

History merged(const std::vector<std::string>& texts, EventOrder order = EventOrder::checked) {
  const TemporaryFolder folder;
  HistorySource source;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    source.files.push_back(folder.path() / fmt::format("client-{}.jsonl", i));
    std::ofstream(source.files.back()) << texts[i];
  }
  Interpretation interpretation;
  interpretation.order = order;
  checker::Budget budget;
  return read_foreign_history(source, interpretation, budget);
}

TEST(Merge, events_of_several_files_follow_their_times) {
  const auto history = merged({operation(0, "write", 1, 10, 40), operation(1, "read", 1, 20, 30)});
  ASSERT_EQ(history.operations.size(), 2U);
  EXPECT_LT(history.operations[1].returned, history.operations[0].returned);
  const auto place = history.place_of(history.operations[1].returned);
  EXPECT_THAT(place.file, HasSubstr("client-1.jsonl"));
  EXPECT_EQ(place.line, 2);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("merged by their times")));
}

TEST(Merge, a_number_whose_operations_in_two_files_overlap_is_two_clients) {
  const auto history = merged({operation(0, "write", 1, 10, 40), operation(0, "read", 1, 20, 30)});
  EXPECT_NE(history.operations[0].process, history.operations[1].process);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("different clients")));
}

TEST(Merge, a_number_whose_operations_in_two_files_follow_one_another_is_one_client) {
  const auto history = merged({operation(0, "write", 1, 10, 20), operation(0, "read", 1, 20, 30)});
  EXPECT_EQ(history.operations[0].process, history.operations[1].process);
  EXPECT_THAT(history.assumptions, Contains(HasSubstr("is one client")));
}

TEST(Merge, an_event_of_the_nemesis_that_each_file_has_counts_once) {
  const auto kill = line("\"nemesis\"", "info", "kill", 1, 15);
  const auto history =
      merged({kill + operation(0, "write", 1, 20, 40), kill + operation(1, "read", 1, 20, 30)});
  EXPECT_EQ(history.faults.size(), 1U);
}

TEST(Merge, files_without_times_are_refused) {
  try {
    merged({operation(0, "write", 1, 10, 20), R"({"process":1,"type":"invoke","f":"read"})"});
    FAIL() << "accepted";
  } catch (const AssumptionBroken& broken) {
    EXPECT_THAT(broken.what(), testing::AllOf(HasSubstr("client-1.jsonl:1"), HasSubstr("no time")));
  }
}

TEST(Merge, a_file_whose_lines_contradict_its_times_is_refused_unless_time_decides) {
  const auto turned = operation(0, "read", 1, 30, 40) + operation(1, "write", 1, 10, 20);
  EXPECT_THROW(merged({turned, operation(2, "read", 1, 50, 60)}), AssumptionBroken);
  EXPECT_EQ(merged({turned, operation(2, "read", 1, 50, 60)}, EventOrder::time).operations[0].f,
            "write");
}

TEST(Merge, a_dequeue_that_found_nothing_counts_in_the_order_of_a_file) {
  const std::string turned =
      R"({"process":0,"type":"invoke","f":"dequeue","value":null,"time":30}
{"process":0,"type":"fail","f":"dequeue","value":null,"error":"empty","time":40}
)" + operation(1, "enqueue", 1, 10, 20);
  EXPECT_THROW(merged({turned, operation(2, "enqueue", 2, 50, 60)}), AssumptionBroken);
}

TEST(Merge, the_order_of_lines_says_nothing_of_several_files) {
  EXPECT_THROW(
      merged({operation(0, "write", 1, 1, 2), operation(1, "read", 1, 3, 4)}, EventOrder::lines),
      AssumptionBroken);
}

}  // namespace
}  // namespace sunder::history
