#include "checker/raft/trace_reader.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace sunder::checker::raft {
namespace {

using testing::HasSubstr;

struct TraceReader : testing::Test {
  TraceReport read(const std::string& content) {
    std::ofstream(folder.path() / "n1.jsonl", std::ios::binary) << content;
    records = 0;
    return read_trace(folder.path() / "n1.jsonl", [this](const auto&) { ++records; });
  }

  static std::string line(int time, trace::Event event) {
    return trace::to_json_line(
        {std::chrono::nanoseconds{time}, NodeId{1}, Term{1}, std::move(event)});
  }

  const TemporaryFolder folder;
  const std::string started = line(1, trace::Started{});
  const std::string candidate = line(2, trace::BecameCandidate{});
  int records = 0;
};

TEST_F(TraceReader, says_where_a_line_is_no_record_and_what_stands_beside_it) {
  auto report = read(started + "\n" + candidate.substr(0, 20));
  EXPECT_EQ(records, 1);
  ASSERT_EQ(report.garbled.size(), 1U);
  EXPECT_EQ(report.garbled[0].number, 2);
  EXPECT_TRUE(report.garbled[0].is_torn_end);
  EXPECT_EQ(report.garbled[0].after, history::Time{1});

  report = read(started + "\n" + candidate.substr(0, 20) + "\n" + line(3, trace::Started{}) + "\n");
  EXPECT_EQ(records, 2);
  ASSERT_EQ(report.garbled.size(), 1U);
  EXPECT_FALSE(report.garbled[0].is_torn_end);
  EXPECT_EQ(report.garbled[0].restarted, history::Time{3});

  report = read(started + "\nhello\n" + candidate + "\n");
  EXPECT_EQ(records, 2);
  ASSERT_EQ(report.garbled.size(), 1U);
  EXPECT_EQ(report.garbled[0].restarted, std::nullopt);
  EXPECT_FALSE(report.garbled[0].is_torn_end);

  EXPECT_TRUE(read(started + "\n\n" + candidate + "\n").garbled.empty());
}

TEST_F(TraceReader, notices_records_that_are_repeated_or_out_of_order) {
  EXPECT_EQ(read(started + "\n" + candidate + "\n").disorder, std::nullopt);
  EXPECT_EQ(read(candidate + "\n" + started + "\n").disorder,
            "line 2 is earlier than the record before it");
  EXPECT_EQ(read(started + "\n" + candidate + "\n" + candidate + "\n").disorder,
            "line 3 repeats a record");
  EXPECT_EQ(read(line(2, trace::Started{}) + "\n" + candidate + "\n").disorder, std::nullopt);
}

TEST_F(TraceReader, says_why_a_file_cannot_be_read) {
  EXPECT_EQ(read_trace(folder.path() / "n2.jsonl", [](const auto&) {}).unreadable, "is missing");
  EXPECT_EQ(read_trace(folder.path(), [](const auto&) {}).unreadable, "is not a file");
}

}  // namespace
}  // namespace sunder::checker::raft
