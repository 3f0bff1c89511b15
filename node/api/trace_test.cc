#include "node/api/trace.h"

#include <random>
#include <string>

#include <gmock/gmock.h>

#include "node/api/refusal_test.h"

namespace sunder::trace {
namespace {

using testing::HasSubstr;

std::string refusal_of(std::string_view line) {
  return refusal_by([line] { parse_json_line(line); });
}

std::vector<Event> one_of_each_kind() {
  const std::vector<EntryDigest> entries{{Term{1}, 0}, {Term{3}, UINT64_MAX}};
  return {Started{NodeId{2}, Index{4}, Term{1}, entries},
          Started{std::nullopt, Index{0}, Term{0}, {}},
          BecameFollower{NodeId{1}},
          BecameFollower{std::nullopt},
          BecameCandidate{},
          BecameCandidate{.leadership_transfer = true},
          BecameLeader{Index{9}},
          VoteGranted{NodeId{3}},
          Appended{Index{5}, Term{2}, entries},
          Truncated{Index{7}},
          Committed{Index{UINT64_MAX}},
          Applied{Index{5}, entries},
          SnapshotTaken{Index{5}, Term{2}, 77},
          SnapshotInstalled{Index{5}, Term{2}, 78, true},
          State{Index{64}, 79},
          Configuration{Index{6}, {NodeId{1}, NodeId{2}}, {NodeId{3}}, {}},
          ElectionTimeout{std::chrono::milliseconds{150}},
          ElectionTimeout{std::nullopt},
          MutantReached{"A1 \"quoted\"\n"},
          Sent{Index{5}, Term{2}, entries},
          OnDisk{NodeId{2}, Index{5}, Term{2}, entries},
          DiskDamaged{"log-1: \"damaged\""}};
}

TEST(Trace, every_event_survives_its_line) {
  for (const auto& event : one_of_each_kind()) {
    const Record record{std::chrono::nanoseconds{12}, NodeId{2}, Term{3}, event};
    const auto line = to_json_line(record);
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_EQ(parse_json_line(line), record) << line;
  }
}

TEST(Trace, a_line_reads_as_documented) {
  const Record record{std::chrono::nanoseconds{1}, NodeId{2}, Term{3}, Truncated{Index{7}}};
  EXPECT_EQ(to_json_line(record), R"({"time":1,"node":2,"term":3,"event":"truncated","first":7})");
  const Record appended{std::chrono::nanoseconds{1}, NodeId{2}, Term{3},
                        Appended{Index{7}, Term{2}, {{Term{3}, 0xab}}}};
  EXPECT_EQ(to_json_line(appended),
            R"({"time":1,"node":2,"term":3,"event":"appended","first":7,"previous_term":2,)"
            R"("entries":[[3,"00000000000000ab"]]})");
}

TEST(Trace, what_is_wrong_with_a_line_is_said) {
  EXPECT_EQ(refusal_of("}{"), "not JSON");
  EXPECT_EQ(refusal_of(""), "not JSON");
  EXPECT_EQ(refusal_of("[1]"), "not a JSON object");
  EXPECT_THAT(refusal_of(R"({"time":1,"node":2,"term":3})"), HasSubstr("\"event\" is missing"));
  EXPECT_THAT(refusal_of(R"({"time":-1,"node":2,"term":3,"event":"became_candidate"})"),
              HasSubstr("\"time\" must be a whole number from 0, not -1"));
  EXPECT_THAT(refusal_of(R"({"time":1,"node":2,"term":3,"event":"fell_asleep"})"),
              HasSubstr("\"fell_asleep\" is not an event"));
  EXPECT_THAT(
      refusal_of(
          R"({"time":1,"node":2,"term":3,"event":"applied","first":1,"entries":[[1,"xyz"]]})"),
      HasSubstr("hexadecimal"));
  EXPECT_THAT(
      refusal_of(R"({"time":1,"node":2,"term":3,"event":"applied","first":1,"entries":[[1]]})"),
      HasSubstr("an entry is [term,\"digest\"]"));
}

TEST(Trace, a_line_cut_or_garbled_anywhere_is_refused_or_read_but_never_crashes) {
  std::mt19937 random(1);
  for (const auto& event : one_of_each_kind()) {
    const auto line = to_json_line({std::chrono::nanoseconds{12}, NodeId{2}, Term{3}, event});
    for (std::size_t length = 0; length < line.size(); ++length) {
      EXPECT_NE(refusal_of(line.substr(0, length)), "(accepted)");
      auto garbled = line;
      garbled[length] = static_cast<char>(random());
      refusal_of(garbled);
    }
  }
}

}  // namespace
}  // namespace sunder::trace
