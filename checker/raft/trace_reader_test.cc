#include "checker/raft/trace_reader.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/raft/transcript_test.h"
#include "testing/temporary_folder.h"

namespace sunder::checker::raft {
namespace {

using testing::HasSubstr;

/// A folder of trace files, gone at the end of the test.
class TraceFolder {
 public:
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::ofstream(path() / name, std::ios::binary) << content;
    return path() / name;
  }

  /// One file a node.
  std::vector<std::filesystem::path> write(const Transcript& run) const {
    std::map<std::string, std::string> files;
    for (const auto& record : run.records()) {
      files[sunder::name_of(record.node)] += trace::to_json_line(record) + "\n";
    }
    std::vector<std::filesystem::path> paths;
    for (const auto& [name, content] : files) paths.push_back(write(name + ".jsonl", content));
    return paths;
  }

  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

TEST(TraceFiles, are_judged_as_the_records_they_hold) {
  const TraceFolder folder;
  for (const auto& result : check_invariants(folder.write(eventful_run()))) {
    EXPECT_EQ(result.validity, Validity::valid) << result.name << ": " << result.message;
  }
}

TEST(TraceFiles, a_missing_or_empty_trace_makes_the_answer_unknown) {
  const TraceFolder folder;
  auto paths = folder.write(eventful_run());
  paths.push_back(folder.path() / "n4.jsonl");
  for (const auto& result : check_invariants(paths)) {
    EXPECT_EQ(result.validity, Validity::unknown);
    EXPECT_THAT(result.message, HasSubstr("n4.jsonl"));
  }
  folder.write("n4.jsonl", "");
  for (const auto& result : check_invariants(paths)) {
    EXPECT_EQ(result.validity, Validity::unknown);
    EXPECT_THAT(result.message, HasSubstr("is empty"));
  }
  for (const auto& result : check_invariants({})) EXPECT_EQ(result.validity, Validity::unknown);
}

TEST(TraceFiles, lines_cut_off_by_a_kill_are_forgiven_and_others_are_not) {
  const TraceFolder folder;
  const auto started =
      trace::to_json_line({std::chrono::nanoseconds{1}, NodeId{1}, Term{1}, Started{}});
  const auto candidate =
      trace::to_json_line({std::chrono::nanoseconds{2}, NodeId{1}, Term{2}, BecameCandidate{}});
  int records = 0;
  const auto read = [&](const std::string& content) {
    records = 0;
    return read_trace(folder.write("n1.jsonl", content), [&](const auto&) { ++records; });
  };
  EXPECT_EQ(read(started + "\n" + candidate.substr(0, 20)).size(), 1U);
  EXPECT_EQ(records, 1);
  EXPECT_EQ(read(started + "\n" + candidate.substr(0, 20) + "\n" + started + "\n").size(), 1U);
  EXPECT_EQ(records, 2);
  EXPECT_EQ(read(started + "\n" + candidate + "\n").size(), 0U);
  EXPECT_THROW(read(started + "\n" + candidate.substr(0, 20) + "\n" + candidate + "\n"),
               history::InputError);
  EXPECT_THROW(read(started + "\nhello\n"), history::InputError);
}

}  // namespace
}  // namespace sunder::checker::raft
