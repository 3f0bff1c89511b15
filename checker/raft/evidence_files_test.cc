#include "checker/raft/evidence_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"
#include "testing/temporary_folder.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

/// A run's files, to be edited and examined.
struct EvidenceFilesTest : testing::Test {
  EvidenceFilesTest() {
    const auto run = eventful_run();
    std::set<std::pair<std::uint64_t, Term>> sent;
    for (const auto& record : run.records()) {
      lines["trace/" + sunder::name_of(record.node) + ".jsonl"].push_back(
          trace::to_json_line(record));
      const auto* appended = std::get_if<Appended>(&record.event);
      // A leader appends an entry first, and sends it then.
      const bool is_new =
          appended != nullptr &&
          sent.emplace(appended->first.value, appended->entries.front().term).second;
      if (!is_new) continue;
      auto message = record;
      message.event = Sent{appended->first, appended->previous_term, appended->entries};
      lines["wire.jsonl"].push_back(trace::to_json_line(message));
    }
    std::filesystem::create_directory(folder.path() / "trace");
    const std::vector<EntryDigest> log{
        {Term{1}, 11}, {Term{2}, 22}, {Term{2}, 23}, {Term{2}, 24}, {Term{3}, 35}};
    lines["disks.jsonl"] = {text(900, 1, 3, OnDisk{NodeId{1}, Index{3}, Term{2}, {log[3], log[4]}}),
                            text(900, 2, 3, OnDisk{NodeId{1}, Index{3}, Term{2}, {log[3], log[4]}}),
                            text(900, 3, 2, OnDisk{NodeId{2}, {}, {}, {log[0], log[1], log[2]}})};
  }

  static std::string text(int time, int node, std::uint64_t term, trace::Event event) {
    return trace::to_json_line(
        {std::chrono::milliseconds{time}, NodeId{node}, Term{term}, std::move(event)});
  }

  EvidenceFile file(const std::string& name, bool sealed) const {
    EvidenceFile file{folder.path() / name, name, {}};
    if (sealed) file.seal = seals.at(name);
    return file;
  }

  /// As the files are now.
  void seal() {
    write();
    for (const auto& [name, content] : lines) seals[name] = history::seal_of(folder.path() / name);
  }

  void write() const {
    for (const auto& [name, content] : lines) {
      std::ofstream out(folder.path() / name);
      for (const auto& line : content) out << line << "\n";
    }
  }

  EvidenceFiles files() const {
    EvidenceFiles files;
    const bool sealed = !seals.empty();
    for (const int node : {1, 2, 3}) {
      const auto name = "trace/" + sunder::name_of(NodeId{node}) + ".jsonl";
      files.traces.push_back({NodeId{node}, file(name, sealed), {}});
    }
    files.wire = file("wire.jsonl", sealed);
    files.disks = file("disks.jsonl", sealed);
    return files;
  }

  Findings examine_lines() const {
    write();
    return examine(files());
  }

  /// No property was valid, and none invalid.
  static void expect_all_unknown(const Findings& findings, const std::string& because) {
    EXPECT_THAT(findings.gaps, testing::Contains(HasSubstr(because)));
    for (const auto& check : findings.checks) {
      EXPECT_EQ(check.validity, Validity::unknown) << check.name << ": " << check.message;
    }
  }

  static std::vector<std::string> unknown(const Findings& findings) {
    std::vector<std::string> names;
    for (const auto& check : findings.checks) {
      EXPECT_NE(check.validity, Validity::invalid) << check.name << ": " << check.message;
      if (check.validity == Validity::unknown) names.push_back(check.name);
    }
    return names;
  }

  const TemporaryFolder folder;
  std::map<std::string, Lines> lines;
  std::map<std::string, history::Seal> seals;
};

TEST_F(EvidenceFilesTest, that_are_whole_are_judged_as_the_records_they_hold) {
  const auto findings = examine_lines();
  EXPECT_THAT(findings.gaps, IsEmpty());
  EXPECT_THAT(unknown(findings), IsEmpty());
  seal();
  EXPECT_THAT(unknown(examine_lines()), IsEmpty());
}

TEST_F(EvidenceFilesTest, a_missing_or_empty_piece_makes_unknown_what_needs_it) {
  write();
  auto without = files();
  for (const auto* name : {"wire.jsonl", "disks.jsonl", "trace/n2.jsonl"}) {
    write();
    std::ofstream(folder.path() / name).close();
    EXPECT_THAT(examine(files()).gaps, testing::Contains(std::string(name) + " is empty"));
    std::filesystem::remove(folder.path() / name);
    EXPECT_THAT(examine(files()).gaps, testing::Contains(std::string(name) + " is missing"));
    std::filesystem::create_directory(folder.path() / name);
    EXPECT_THAT(examine(files()).gaps, testing::Contains(std::string(name) + " is not a file"));
    std::filesystem::remove(folder.path() / name);
  }
  write();
  std::filesystem::remove(folder.path() / "wire.jsonl");
  EXPECT_THAT(unknown(examine(files())),
              testing::IsSupersetOf({"election safety", "log matching", "acknowledgement"}));
  write();
  std::filesystem::remove(folder.path() / "disks.jsonl");
  EXPECT_THAT(unknown(examine(files())), testing::Contains("durability"));
  lines["wire.jsonl"].pop_back();
  write();
  EXPECT_THAT(unknown(examine(files())), testing::Contains("witnesses"));
  write();
  std::filesystem::remove(folder.path() / "trace/n2.jsonl");
  expect_all_unknown(examine(files()), "trace/n2.jsonl is missing");
}

TEST_F(EvidenceFilesTest, a_trace_that_ends_before_what_others_say_of_its_node_is_cut) {
  auto& trace = lines["trace/n2.jsonl"];
  const auto whole = trace;
  trace.resize(trace.size() * 2 / 3);
  expect_all_unknown(examine_lines(), "trace/n2.jsonl is cut: it ends at ");

  trace = whole;
  trace.pop_back();
  expect_all_unknown(examine_lines(), "before n2 had applied entry 5, which was committed");

  lines["trace/n1.jsonl"].resize(2);
  trace.resize(2);
  lines["trace/n3.jsonl"].resize(2);
  lines["wire.jsonl"].clear();
  lines["disks.jsonl"].clear();
  write();
  auto only_started = files();
  only_started.caught_up_to = Index{5};
  expect_all_unknown(examine(only_started), "the history says that every node had 5");
}

TEST_F(EvidenceFilesTest, a_hole_disorder_and_a_garbled_line_make_nobody_guilty) {
  auto& trace = lines["trace/n1.jsonl"];
  const auto whole = trace;
  trace.erase(trace.begin() + 9, trace.begin() + 15);
  expect_all_unknown(examine_lines(), "");

  trace = whole;
  std::swap(trace[6], trace[12]);
  expect_all_unknown(examine_lines(), "is earlier than the record before it");

  trace = whole;
  trace.insert(trace.begin() + 7, trace[6]);
  expect_all_unknown(examine_lines(), "repeats a record");

  trace = whole;
  trace[8].resize(trace[8].size() / 2);
  expect_all_unknown(examine_lines(), "trace/n1.jsonl:9 is no record");

  trace = whole;
  auto& other = lines["trace/n2.jsonl"];
  const auto applied = std::find_if(other.begin(), other.end(), [](const std::string& line) {
    return line.find("applied") != std::string::npos;
  });
  other.erase(applied);
  expect_all_unknown(examine_lines(), "trace/n2.jsonl has a hole before ");
}

TEST_F(EvidenceFilesTest, a_line_torn_by_a_kill_is_a_warning_where_the_history_has_the_kill) {
  write();
  auto& last = lines["trace/n3.jsonl"].back();
  last = lines["trace/n3.jsonl"].back() + "\n{\"time\":";
  write();
  // The line has no newline.
  std::filesystem::resize_file(folder.path() / "trace/n3.jsonl",
                               std::filesystem::file_size(folder.path() / "trace/n3.jsonl") - 1);
  auto torn = files();
  expect_all_unknown(examine(torn), "is no record");
  torn.traces[2].ends = {std::chrono::milliseconds{1}};
  expect_all_unknown(examine(torn), "is no record");
  torn.traces[2].ends = {std::chrono::milliseconds{800}};
  const auto findings = examine(torn);
  EXPECT_THAT(findings.gaps, IsEmpty());
  EXPECT_THAT(findings.warnings, ElementsAre(HasSubstr("when the process was killed")));
  EXPECT_THAT(unknown(findings), IsEmpty());
}

TEST_F(EvidenceFilesTest, no_record_of_a_sealed_file_can_be_lost_unseen) {
  seal();
  const auto whole = lines;
  for (const auto& [name, content] : whole) {
    for (std::size_t line = 0; line < content.size(); ++line) {
      lines = whole;
      auto& edited = lines[name];
      edited.erase(edited.begin() + static_cast<std::ptrdiff_t>(line));
      const auto findings = examine_lines();
      EXPECT_THAT(findings.gaps, testing::Contains(HasSubstr(name + " lacks 1 of its ")));
      for (const auto& check : findings.checks) {
        EXPECT_NE(check.validity, Validity::invalid)
            << name << " without line " << line << ": " << check.message;
      }
      EXPECT_THAT(unknown(findings), testing::Not(IsEmpty()));
    }
  }
}

TEST_F(EvidenceFilesTest, a_record_that_was_changed_still_contradicts_the_others) {
  seal();
  auto& trace = lines["trace/n3.jsonl"];
  const auto applied = std::find_if(trace.begin(), trace.end(), [](const std::string& line) {
    return line.find("applied") != std::string::npos;
  });
  applied->replace(applied->find("000b"), 4, "000c");
  const auto findings = examine_lines();
  EXPECT_THAT(findings.gaps, ElementsAre("trace/n3.jsonl has a record that the run did not write"));
  std::string broken;
  for (const auto& check : findings.checks) {
    broken += check.validity == Validity::invalid ? check.name + " " : "";
    EXPECT_NE(check.validity, Validity::valid) << check.name;
  }
  EXPECT_EQ(broken, "state machine safety durability committed entries ");
}

}  // namespace
}  // namespace sunder::checker::raft
