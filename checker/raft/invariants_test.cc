#include "checker/raft/invariants.h"

#include <filesystem>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/history/input_error.h"
#include "checker/raft/trace_reader.h"
#include "testing/temporary_folder.h"

namespace sunder::checker::raft {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using trace::Acknowledged;
using trace::Appended;
using trace::Applied;
using trace::BecameCandidate;
using trace::BecameFollower;
using trace::BecameLeader;
using trace::Committed;
using trace::Configuration;
using trace::DiskDamaged;
using trace::ElectionTimeout;
using trace::EntryDigest;
using trace::OnDisk;
using trace::Sent;
using trace::SnapshotInstalled;
using trace::SnapshotTaken;
using trace::Started;
using trace::Truncated;
using trace::VoteGranted;

/// A run told event by event, in the order in which it happened.
class Transcript {
 public:
  Transcript& say(int node, std::uint64_t term, trace::Event event) {
    records_.push_back(
        {std::chrono::milliseconds{++now_}, NodeId{node}, Term{term}, std::move(event)});
    return *this;
  }

  Transcript& wait(int milliseconds) {
    now_ += milliseconds;
    return *this;
  }

  /// Three nodes without a past; node 1 leads term 1 with entry 1 everywhere and committed.
  static Transcript with_leader() {
    Transcript transcript;
    for (const int node : {1, 2, 3}) {
      transcript.say(node, 0, Started{}).say(node, 0, three_voters());
    }
    transcript.say(1, 1, BecameCandidate{}).say(1, 1, VoteGranted{NodeId{1}});
    transcript.say(2, 1, BecameFollower{}).say(2, 1, VoteGranted{NodeId{1}});
    transcript.say(1, 1, BecameLeader{Index{0}});
    for (const int node : {1, 2, 3}) transcript.say(node, 1, append(1, 0, {{Term{1}, 11}}));
    for (const int node : {1, 2, 3}) transcript.say(node, 1, Committed{Index{1}});
    for (const int node : {1, 2, 3}) transcript.say(node, 1, Applied{Index{1}, {{Term{1}, 11}}});
    return transcript;
  }

  static Configuration three_voters() {
    return {Index{0}, {NodeId{1}, NodeId{2}, NodeId{3}}, {}, {}};
  }

  /// A majority votes for the node, which becomes leader; its log ends at `last`.
  Transcript& elect(int node, std::uint64_t term, int supporter, std::uint64_t last) {
    say(node, term, BecameCandidate{}).say(node, term, VoteGranted{NodeId{node}});
    say(supporter, term, BecameFollower{}).say(supporter, term, VoteGranted{NodeId{node}});
    return say(node, term, BecameLeader{Index{last}});
  }

  static Appended append(std::uint64_t first, std::uint64_t previous_term,
                         std::vector<EntryDigest> entries) {
    return {Index{first}, Term{previous_term}, std::move(entries)};
  }

  /// Node by node, as files are read, and in the order of events: the answer must be the same.
  std::map<std::string, CheckResult> judge() const {
    Invariants by_time;
    for (const auto& record : records_) by_time.observe(record);
    auto sorted = records_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& left, const auto& right) { return left.node > right.node; });
    Invariants by_node;
    for (const auto& record : sorted) by_node.observe(record);
    std::map<std::string, CheckResult> results;
    for (auto& result : by_time.finish()) results[result.name] = std::move(result);
    for (const auto& result : by_node.finish()) {
      EXPECT_EQ(results[result.name].validity, result.validity) << result.name;
    }
    return results;
  }

  std::vector<std::string> broken() const {
    std::vector<std::string> names;
    for (const auto& [name, result] : judge()) {
      if (result.validity == Validity::invalid) names.push_back(name);
    }
    return names;
  }

  const std::vector<trace::Record>& records() const { return records_; }

 private:
  std::vector<trace::Record> records_;
  std::int64_t now_ = 0;
};

const auto append = Transcript::append;

TEST(Invariants, a_quiet_run_is_valid) {
  for (const auto& [name, result] : Transcript::with_leader().judge()) {
    EXPECT_EQ(result.validity, Validity::valid) << name << ": " << result.message;
    EXPECT_FALSE(result.message.empty());
  }
  EXPECT_EQ(Transcript::with_leader().judge().size(), 12U);
}

/// Leader 1 appends what nobody gets; 2 takes over, 1 comes back, gives way and catches up; 3 is
/// restarted; 2 takes a snapshot that 1 installs after a restart of its own.
Transcript eventful_run() {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}, {Term{1}, 13}}));
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(3, 2, BecameFollower{}).say(3, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  run.say(2, 2, append(2, 1, {{Term{2}, 22}})).say(3, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, Committed{Index{2}}).say(2, 2, Applied{Index{2}, {{Term{2}, 22}}});
  run.say(3, 2, Started{NodeId{2}, {}, {}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(3, 2, Committed{Index{2}});
  run.say(3, 2, Applied{Index{1}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(1, 2, BecameFollower{NodeId{2}}).say(1, 2, Truncated{Index{2}});
  run.say(1, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, append(3, 2, {{Term{2}, 23}})).say(3, 2, append(3, 2, {{Term{2}, 23}}));
  run.say(2, 2, Committed{Index{3}}).say(2, 2, Applied{Index{3}, {{Term{2}, 23}}});
  run.say(2, 2, SnapshotTaken{Index{3}, Term{2}, 99});
  run.say(1, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}, {Term{2}, 22}}});
  run.say(1, 2, SnapshotInstalled{Index{3}, Term{2}, 99, false});
  run.say(2, 2, append(4, 2, {{Term{2}, 24}})).say(1, 2, append(4, 2, {{Term{2}, 24}}));
  run.say(2, 2, Committed{Index{4}}).say(1, 2, Committed{Index{4}});
  run.say(1, 2, Applied{Index{4}, {{Term{2}, 24}}}).say(2, 2, Applied{Index{4}, {{Term{2}, 24}}});
  run.elect(1, 3, 2, 4).say(1, 3, append(5, 2, {{Term{3}, 35}}));
  run.say(2, 3, BecameFollower{NodeId{1}}).say(2, 3, append(5, 2, {{Term{3}, 35}}));
  run.say(2, 3, Started{NodeId{1}, Index{3}, Term{2}, {{Term{2}, 24}, {Term{3}, 35}}});
  run.say(2, 3, Committed{Index{5}});
  run.say(2, 3, Applied{Index{4}, {{Term{2}, 24}, {Term{3}, 35}}});
  return run;
}

TEST(Invariants, leader_changes_truncation_restarts_and_snapshots_are_valid) {
  for (const auto& [name, result] : eventful_run().judge()) {
    EXPECT_EQ(result.validity, Validity::valid) << name << ": " << result.message;
  }
}

TEST(ElectionSafety, two_leaders_of_one_term_are_named_with_their_moments) {
  auto run = Transcript::with_leader();
  run.say(3, 1, BecameLeader{Index{1}});
  const auto result = run.judge()["election safety"];
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "n1 and n3 both led term 1");
  ASSERT_EQ(result.evidence.size(), 2U);
  EXPECT_EQ(result.evidence[0].node, "n1");
  EXPECT_EQ(result.evidence[0].term, 1U);
  EXPECT_EQ(result.evidence[1].node, "n3");
  EXPECT_EQ(result.evidence[1].what, "n3 became leader");
}

TEST(ElectionSafety, two_votes_in_one_term_are_invalid_even_across_a_restart) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  run.say(2, 1, VoteGranted{NodeId{3}}).say(2, 1, Committed{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("durability", "election safety"));
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 1: for n1 and for n3");
}

TEST(ElectionSafety, a_vote_that_was_said_counts_though_the_node_dies_and_forgets_it) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameFollower{}).say(2, 2, VoteGranted{NodeId{1}});
  run.say(2, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  run.say(2, 2, VoteGranted{NodeId{3}});
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 2: for n1 and for n3");
}

TEST(ElectionSafety, a_vote_that_came_back_from_disk_counts) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameFollower{}).say(2, 2, VoteGranted{NodeId{1}});
  run.say(2, 2, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  run.say(2, 2, VoteGranted{NodeId{3}}).say(2, 2, Committed{Index{1}});
  EXPECT_EQ(run.judge()["election safety"].message, "n2 voted twice in term 2: for n1 and for n3");
}

TEST(ElectionSafety, the_same_vote_given_again_is_fine) {
  auto run = Transcript::with_leader();
  run.elect(3, 2, 2, 1).say(2, 2, VoteGranted{NodeId{3}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(ElectionSafety, a_leader_that_goes_on_in_a_later_term_leads_that_term) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameLeader{Index{1}}).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(1, 2, append(2, 1, {{Term{2}, 33}}));
  EXPECT_EQ(run.judge()["election safety"].message, "n2 and n1 both led term 2");
}

TEST(ElectionSafety, a_leader_seen_on_the_wire_is_the_one_of_the_traces) {
  auto run = Transcript::with_leader();
  run.say(1, 1, Sent{Index{2}, Term{1}, {}});
  EXPECT_THAT(run.broken(), ElementsAre());
  EXPECT_THAT(run.judge()["election safety"].message, HasSubstr("1 leaders were seen on the wire"));
  run.say(3, 1, Sent{Index{2}, Term{1}, {}});
  const auto result = run.judge()["election safety"];
  EXPECT_EQ(result.message, "n1 and n3 both led term 1");
  EXPECT_EQ(result.evidence.at(1).what, "n3 sent as leader");
}

TEST(ElectionSafety, a_leader_seen_on_the_wire_and_in_no_trace_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(3, 2, Sent{Index{2}, Term{1}, {}});
  EXPECT_EQ(run.judge()["election safety"].message,
            "n3 sent as the leader of term 2, which its trace does not know of");
}

TEST(LeaderAppendOnly, a_leader_that_truncates_its_log_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Truncated{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("leader append-only"));
  const auto result = run.judge()["leader append-only"];
  EXPECT_EQ(result.evidence[1].index, 2U);
  EXPECT_EQ(result.evidence[1].term, 1U);
}

TEST(LeaderAppendOnly, a_leader_that_overwrites_its_log_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_THAT(run.broken(), ElementsAre("leader append-only"));
}

TEST(LeaderAppendOnly, a_former_leader_may_truncate) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 2, BecameFollower{}).say(1, 2, Truncated{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(LogMatching, one_index_and_term_with_two_contents_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 99}}));
  EXPECT_THAT(run.broken(), ElementsAre("log matching"));
  const auto result = run.judge()["log matching"];
  EXPECT_EQ(result.message, "n1 and n2 hold different entries at index 2 of term 1");
  EXPECT_EQ(result.evidence[0].index, 2U);
}

TEST(LogMatching, one_entry_behind_two_different_ones_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}, {Term{2}, 23}}));
  run.say(1, 2, BecameFollower{}).say(1, 2, append(3, 1, {{Term{2}, 23}}));
  EXPECT_THAT(run.broken(), ElementsAre("log matching"));
  EXPECT_THAT(run.judge()["log matching"].message, HasSubstr("not the same entry before it"));
}

TEST(LogMatching, also_holds_entries_that_came_back_from_disk) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 66}}});
  EXPECT_THAT(run.broken(), ElementsAre("durability", "log matching"));
}

TEST(LogMatching, entries_on_the_wire_are_those_of_the_traces) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Sent{Index{1}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre());
  EXPECT_THAT(run.judge()["log matching"].message, HasSubstr("; 1 of them were seen on the wire"));
  run.say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 66}}});
  EXPECT_EQ(run.judge()["log matching"].message,
            "n1 and n1 hold different entries at index 2 of term 1");
}

TEST(LogMatching, what_was_on_the_wire_may_be_read_before_the_traces) {
  const auto run = Transcript::with_leader();
  Invariants invariants;
  invariants.observe({{}, NodeId{1}, Term{1}, Sent{Index{1}, {}, {{Term{1}, 11}}}});
  for (const auto& record : run.records()) invariants.observe(record);
  for (const auto& result : invariants.finish()) {
    EXPECT_EQ(result.validity, Validity::valid) << result.name << ": " << result.message;
  }
}

TEST(LogMatching, an_entry_on_the_wire_that_no_trace_has_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, Sent{Index{2}, Term{1}, {{Term{1}, 12}}});
  EXPECT_EQ(run.judge()["log matching"].message,
            "n1 sent an entry at index 2 of term 1 that is in no trace");
}

TEST(LogMatching, without_whole_traces_an_entry_on_the_wire_may_be_in_one_that_is_lost) {
  Invariants invariants;
  const auto run = Transcript::with_leader();
  for (const auto& record : run.records()) invariants.observe(record);
  invariants.observe({{}, NodeId{1}, Term{1}, Sent{Index{2}, Term{1}, {{Term{1}, 12}}}});
  invariants.doubt("a trace is lost");
  for (const auto& result : invariants.finish()) {
    EXPECT_EQ(result.validity, Validity::unknown) << result.name;
  }
}

TEST(LeaderCompleteness, a_leader_without_a_committed_entry_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(1, 1, Committed{Index{2}});
  run.say(3, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority", "leader completeness"));
  const auto result = run.judge()["leader completeness"];
  EXPECT_EQ(result.message,
            "n3 became leader of term 2 without entry 2 of term 1, which n1 knew to be committed "
            "in term 1");
  EXPECT_EQ(result.evidence[1].what, "n3 became leader; its log ends at 1");
}

TEST(LeaderCompleteness, another_entry_in_the_committed_one_s_place_is_invalid) {
  // Figure 8 of the paper: an entry of an older term is committed by counting and lost.
  auto run = Transcript::with_leader();
  run.say(1, 2, BecameLeader{Index{1}}).say(1, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(3, 3, BecameLeader{Index{1}}).say(3, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(1, 4, BecameLeader{Index{2}}).say(1, 4, Committed{Index{2}});
  run.say(3, 5, BecameLeader{Index{2}});
  EXPECT_THAT(run.broken(), Contains("leader completeness"));
  EXPECT_THAT(run.judge()["leader completeness"].evidence[1].what,
              HasSubstr("its log has an entry of term 3 there"));
}

TEST(LeaderCompleteness, a_commit_of_a_later_term_says_nothing_about_earlier_leaders) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameLeader{Index{1}}).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(3, 3, BecameLeader{Index{1}}).say(3, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(1, 3, BecameFollower{}).say(1, 3, append(2, 1, {{Term{3}, 32}}));
  run.say(3, 3, Committed{Index{2}});
  EXPECT_EQ(run.judge()["leader completeness"].validity, Validity::valid);
}

TEST(StateMachineSafety, different_entries_applied_at_one_index_are_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Applied{Index{2}, {{Term{1}, 12}}}).say(3, 1, Applied{Index{2}, {{Term{1}, 13}}});
  EXPECT_THAT(run.broken(), ElementsAre("state machine safety"));
  EXPECT_EQ(run.judge()["state machine safety"].message,
            "n2 and n3 applied different entries at index 2");
}

TEST(StateMachineSafety, a_gap_and_a_repetition_are_invalid) {
  auto gap = Transcript::with_leader();
  gap.say(2, 1, Applied{Index{3}, {{Term{1}, 13}}});
  EXPECT_EQ(gap.judge()["state machine safety"].message, "n2 applied entry 3 too early, after 1");
  auto again = Transcript::with_leader();
  again.say(2, 1, Applied{Index{1}, {{Term{1}, 11}}});
  EXPECT_EQ(again.judge()["state machine safety"].message, "n2 applied entry 1 again, after 1");
}

TEST(StateMachineSafety, a_restarted_node_begins_again_behind_its_snapshot) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{NodeId{1}, Index{1}, Term{1}, {{Term{1}, 12}}});
  run.say(2, 1, Applied{Index{2}, {{Term{1}, 12}}});
  EXPECT_THAT(run.broken(), ElementsAre());
  run.say(2, 1, Started{NodeId{1}, Index{1}, Term{1}, {{Term{1}, 12}, {Term{1}, 13}}});
  run.say(2, 1, Applied{Index{3}, {{Term{1}, 13}}});
  EXPECT_THAT(run.broken(), ElementsAre("state machine safety"));
}

TEST(StateMachineSafety, a_snapshot_that_moves_the_state_back_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Applied{Index{2}, {{Term{1}, 12}}});
  run.say(2, 1, SnapshotInstalled{Index{1}, Term{1}, 5, true});
  EXPECT_THAT(run.broken(), ElementsAre("state machine safety"));
}

/// Three nodes that wait for at least 10 ms, of which n1 stands and n2 votes for it.
Transcript with_a_vote() {
  Transcript run;
  for (const int node : {1, 2, 3}) {
    run.say(node, 0, Started{}).say(node, 0, Transcript::three_voters());
    run.say(node, 0, ElectionTimeout{std::chrono::milliseconds(10)});
  }
  run.say(1, 1, BecameCandidate{}).say(1, 1, VoteGranted{NodeId{1}});
  return run.say(2, 1, BecameFollower{}).say(2, 1, VoteGranted{NodeId{1}});
}

TEST(ElectionTimer, whoever_voted_for_another_waits_before_it_stands) {
  auto run = with_a_vote();
  run.say(2, 2, BecameCandidate{});
  EXPECT_THAT(run.broken(), ElementsAre("election timer"));
  EXPECT_EQ(run.judge()["election timer"].message,
            "n2 stood for election 4.0 ms after n1, for whom it had voted, and should have waited "
            "for 10 ms");
  auto patient = with_a_vote();
  patient.wait(6).say(2, 2, BecameCandidate{});
  EXPECT_THAT(patient.broken(), ElementsAre());
}

TEST(ElectionTimer, whoever_is_told_to_stand_or_goes_by_another_clock_need_not_wait) {
  auto told = with_a_vote();
  told.say(2, 2, BecameCandidate{.leadership_transfer = true});
  EXPECT_THAT(told.broken(), ElementsAre());
  auto ahead = with_a_vote();
  ahead.say(2, 1, ElectionTimeout{}).say(2, 2, BecameCandidate{});
  EXPECT_THAT(ahead.broken(), ElementsAre());
  auto restarted = with_a_vote();
  restarted.say(2, 1, Started{NodeId{1}, {}, {}, {}}).say(2, 2, BecameCandidate{});
  EXPECT_THAT(restarted.broken(), ElementsAre());
}

/// n1 stands again and again, each time after `wait` of the number of times.
Transcript with_waits(const std::function<int(int)>& wait) {
  auto run = with_a_vote();
  for (int time = 0; time < 40; ++time) {
    const auto term = static_cast<std::uint64_t>(time) + 2;
    run.wait(wait(time)).say(1, term, BecameCandidate{}).say(1, term, VoteGranted{NodeId{1}});
  }
  return run;
}

TEST(ElectionTimer, waits_that_are_all_alike_are_not_left_to_chance) {
  auto alike = with_waits([](int) { return 150; });
  EXPECT_THAT(alike.broken(), ElementsAre("election timer"));
  EXPECT_EQ(
      alike.judge()["election timer"].message,
      "40 of 40 times a candidate stood again after 152 to 154 ms: waits should differ by chance");
  auto delayed = with_waits([](int time) { return time % 4 == 0 ? 150 + 4 * time : 150; });
  EXPECT_THAT(delayed.broken(), ElementsAre("election timer"));
  auto different = with_waits([](int time) { return 150 + 3 * time; });
  EXPECT_THAT(different.broken(), ElementsAre());
}

TEST(ElectionTimer, a_candidate_that_heard_of_others_in_between_did_not_wait_for_its_own_timer) {
  auto run = with_a_vote();
  for (std::uint64_t term = 2; term < 50; ++term) {
    run.wait(150).say(1, term, BecameCandidate{}).say(1, term, BecameFollower{NodeId{2}});
  }
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(ElectionMajority, a_leader_without_a_majority_of_votes_is_invalid) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
  EXPECT_EQ(run.judge()["election majority"].message,
            "n2 became leader of term 2 without the votes of a majority: only n2 of 3 voters had "
            "voted for it");
}

TEST(ElectionMajority, a_vote_that_comes_too_late_elects_nobody) {
  auto run = Transcript::with_leader();
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  run.say(3, 2, VoteGranted{NodeId{2}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, votes_of_another_term_or_of_nobody_s_voters_do_not_count) {
  auto older = Transcript::with_leader();
  older.say(3, 2, VoteGranted{NodeId{2}});
  older.say(2, 3, BecameCandidate{}).say(2, 3, VoteGranted{NodeId{2}});
  older.say(2, 3, BecameLeader{Index{1}});
  EXPECT_THAT(older.broken(), ElementsAre("election majority"));
  auto learner = Transcript::with_leader();
  for (const int node : {1, 2, 3}) {
    learner.say(node, 1, Configuration{Index{1}, {NodeId{1}, NodeId{2}}, {}, {NodeId{3}}});
  }
  learner.elect(2, 2, 3, 1);
  EXPECT_THAT(learner.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, both_sets_of_voters_decide_while_they_change) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Configuration{Index{1}, {NodeId{2}}, {NodeId{1}, NodeId{2}, NodeId{3}}, {}});
  run.say(2, 2, BecameCandidate{}).say(2, 2, VoteGranted{NodeId{2}});
  run.say(2, 2, BecameLeader{Index{1}});
  EXPECT_THAT(run.broken(), ElementsAre("election majority"));
}

TEST(ElectionMajority, voters_that_are_not_known_leave_it_open) {
  Transcript run;
  run.say(1, 0, Started{}).say(1, 1, VoteGranted{NodeId{1}}).say(1, 1, BecameLeader{Index{0}});
  EXPECT_EQ(run.judge()["election majority"].message,
            "n1 does not say who the voters of term 1 were");
  EXPECT_EQ(run.judge()["election majority"].validity, Validity::unknown);
}

TEST(ElectionRestriction, a_vote_for_a_log_behind_the_voter_s_is_invalid) {
  auto shorter = Transcript::with_leader();
  shorter.say(3, 1, append(2, 1, {{Term{1}, 12}}));
  shorter.elect(2, 2, 3, 1);
  EXPECT_THAT(shorter.broken(), ElementsAre("election restriction"));
  EXPECT_EQ(shorter.judge()["election restriction"].message,
            "n3 voted in term 2 for n2, whose log was behind its own");
  // A later last term outweighs any length.
  auto later = Transcript::with_leader();
  later.say(2, 1, append(2, 1, {{Term{1}, 12}, {Term{1}, 13}}));
  later.elect(1, 2, 3, 1).say(1, 2, append(2, 1, {{Term{2}, 22}}));
  later.elect(2, 3, 1, 3);
  EXPECT_THAT(later.broken(), ElementsAre("election restriction"));
}

Configuration voters_at(std::uint64_t index, std::vector<NodeId> voters,
                        std::vector<NodeId> outgoing = {}) {
  return {Index{index}, std::move(voters), std::move(outgoing), {}};
}

const std::vector<NodeId> all_three{NodeId{1}, NodeId{2}, NodeId{3}};

/// The leader, node 1, changes the voters to itself, as an entry behind what it has committed.
Transcript change_to_one(const Configuration& configuration) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, configuration);
  return run;
}

TEST(ConfigurationRule, a_change_in_two_steps_is_valid_and_one_step_of_two_voters_is_not) {
  EXPECT_THAT(change_to_one(voters_at(2, {NodeId{1}}, all_three)).broken(), ElementsAre());
  EXPECT_THAT(change_to_one(voters_at(2, {NodeId{1}, NodeId{2}})).broken(), ElementsAre());
  const auto run = change_to_one(voters_at(2, {NodeId{1}}));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_EQ(
      run.judge()["configuration"].message,
      "n1, leader of term 1, changed the voters from n1, n2, n3 to n1 in one step: a majority "
      "of each need not know of the other");
}

TEST(ConfigurationRule, one_change_waits_for_the_other) {
  auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
  run.say(1, 1, append(3, 1, {{Term{1}, 13}})).say(1, 1, voters_at(3, {NodeId{1}, NodeId{2}}));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message,
              HasSubstr("before the change at 2 was committed"));
}

TEST(ConfigurationRule, a_new_leader_commits_in_its_own_term_first) {
  auto run = Transcript::with_leader();
  run.elect(2, 2, 3, 1).say(2, 2, append(2, 1, {{Term{2}, 22}, {Term{2}, 23}}));
  run.say(2, 2, voters_at(3, {NodeId{1}, NodeId{2}}, all_three));
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message, HasSubstr("an entry of its own term"));
}

TEST(ConfigurationRule, a_restart_finds_the_latest_in_the_log) {
  const auto changed = [] {
    auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
    return run.say(1, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  };
  EXPECT_THAT(changed().say(1, 1, voters_at(2, {NodeId{1}, NodeId{2}}, all_three)).broken(),
              ElementsAre());
  const auto run = changed().say(1, 1, Transcript::three_voters());
  EXPECT_THAT(run.broken(), ElementsAre("configuration"));
  EXPECT_THAT(run.judge()["configuration"].message,
              HasSubstr("n1 goes by the voters of entry 0 (n1, n2, n3), but entry 2 of its log"));
}

TEST(ConfigurationRule, one_that_is_truncated_gives_way_to_the_one_before) {
  auto run = change_to_one(voters_at(2, {NodeId{1}, NodeId{2}}, all_three));
  run.say(1, 2, BecameFollower{}).say(1, 2, Truncated{Index{2}});
  run.say(1, 2, Transcript::three_voters());
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Commitment, what_no_majority_holds_is_not_committed) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(1, 1, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_EQ(run.judge()["commitment"].message,
            "n1, leader of term 1, committed entry 2, which no majority held: only n1");
  // Whoever gets it later did not hold it then.
  run.say(2, 1, append(2, 1, {{Term{1}, 12}}));
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
}

TEST(Commitment, a_snapshot_that_reaches_so_far_holds_the_entry) {
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 1, SnapshotInstalled{Index{2}, Term{1}, 5, false});
  run.say(1, 1, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Commitment, a_leader_does_not_commit_an_older_term_by_counting) {
  // Figure 8 of the paper, before any harm is done.
  auto run = Transcript::with_leader();
  run.say(1, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.elect(1, 2, 2, 2).say(1, 2, Committed{Index{2}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_THAT(run.judge()["commitment"].message, HasSubstr("entry 2 of term 1 by counting"));
}

TEST(Commitment, a_commit_index_goes_back_only_with_a_restart) {
  auto run = eventful_run();
  run.say(2, 3, Committed{Index{4}});
  EXPECT_THAT(run.broken(), ElementsAre("commitment"));
  EXPECT_EQ(run.judge()["commitment"].message, "the commit index of n2 went back from 5 to 4");
}

CheckResult durability_of(const Transcript& transcript) {
  return transcript.judge().at("durability");
}

/// Of the three nodes of Transcript::with_leader(), each of which voted for node 1.
OnDisk kept() {
  return {NodeId{1}, Index{0}, Term{0}, {{Term{1}, 11}}};
}

TEST(Durability, is_judged_by_restarts_too) {
  auto run = Transcript::with_leader();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(durability_of(run).message,
            "1 restarts found what had been applied and voted, 1 entries were compared");
  auto forgot_a_vote = Transcript::with_leader();
  forgot_a_vote.say(2, 1, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(durability_of(forgot_a_vote).message,
            "n2 voted for n1 in term 1, but it started again with no vote of term 1");
  auto forgot_an_entry = Transcript::with_leader();
  forgot_an_entry.say(2, 1, Started{NodeId{1}, {}, {}, {}});
  EXPECT_EQ(durability_of(forgot_an_entry).message,
            "n2 applied entry 1, but it started again with a log up to 0");
}

TEST(Durability, a_node_with_an_empty_disk_is_a_newcomer_only_if_it_belongs_to_no_cluster) {
  auto newcomer = Transcript::with_leader();
  newcomer.say(2, 0, Started{});
  newcomer.say(2, 0, Configuration{Index{0}, {NodeId{1}, NodeId{3}}, {}, {}});
  EXPECT_THAT(newcomer.broken(), ElementsAre());
  auto amnesiac = Transcript::with_leader();
  amnesiac.say(2, 0, Started{}).say(2, 0, Transcript::three_voters());
  EXPECT_THAT(amnesiac.broken(), ElementsAre("durability"));
}

Transcript acknowledged_run() {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(2, 1, {{Term{1}, 12}})).say(2, 1, Acknowledged{Index{2}});
  return run;
}

TEST(Acknowledgement, an_entry_that_is_gone_after_a_restart_is_invalid) {
  auto run = acknowledged_run();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre("acknowledgement"));
  EXPECT_EQ(
      run.judge()["acknowledgement"].message,
      "n2 acknowledged entry 2 in term 1, but when it started again its log was the same only "
      "up to 1");
}

TEST(Acknowledgement, another_entry_in_its_place_is_invalid) {
  auto run = acknowledged_run();
  run.say(2, 2, Truncated{Index{2}}).say(2, 2, append(2, 1, {{Term{2}, 22}}));
  run.say(2, 2, Acknowledged{Index{2}});
  run.say(2, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(run.broken(), ElementsAre("acknowledgement"));
}

TEST(Acknowledgement, an_entry_that_is_there_or_in_a_snapshot_is_kept) {
  auto run = acknowledged_run();
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  run.say(2, 1, Started{NodeId{1}, Index{2}, Term{1}, {}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Acknowledgement, a_node_that_dies_while_it_installs_a_snapshot_may_start_with_its_old_log) {
  auto run = acknowledged_run();
  run.say(2, 1, SnapshotInstalled{Index{9}, Term{1}, 5, false});
  run.say(2, 1, Started{NodeId{1}, {}, {}, {{Term{1}, 11}, {Term{1}, 12}}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Acknowledgement, a_later_leader_may_have_the_entry_given_up) {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(2, 1, {{Term{1}, 12}}));
  run.say(2, 2, Truncated{Index{2}});
  // It was on its way that long.
  run.say(2, 1, Acknowledged{Index{2}});
  run.say(2, 2, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  EXPECT_THAT(run.broken(), ElementsAre());
}

TEST(Durability, a_disk_that_holds_what_was_promised_is_valid) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2, 3}) run.say(node, 1, kept());
  const auto result = durability_of(run);
  EXPECT_EQ(result.validity, Validity::valid) << result.message;
  EXPECT_EQ(result.message,
            "0 restarts found what had been applied and voted, 3 entries were compared; so did a "
            "look at 3 disks in the end");
}

TEST(Durability, what_a_snapshot_covers_and_what_comes_behind_is_free) {
  auto run = Transcript::with_leader();
  run.say(1, 1, OnDisk{NodeId{1}, Index{1}, Term{1}, {}});
  run.say(2, 2, OnDisk{NodeId{3}, Index{0}, Term{0}, {{Term{1}, 11}, {Term{2}, 5}}});
  // Another vote is lost when the disk is emptied: it starts as a newcomer.
  run.say(3, 0, Started{}).say(3, 0, Configuration{Index{0}, {NodeId{1}, NodeId{2}}, {}, {}});
  run.say(3, 0, OnDisk{});
  EXPECT_EQ(durability_of(run).validity, Validity::valid);
}

TEST(Durability, a_node_that_dies_while_it_installs_a_snapshot_has_promised_nothing_by_it) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2, 3}) run.say(node, 1, kept());
  run.say(3, 1, SnapshotInstalled{Index{9}, Term{1}, 5, false});
  EXPECT_EQ(durability_of(run).validity, Validity::valid);
  // What it applies behind it stands on it.
  run.say(3, 1, Applied{Index{10}, {{Term{1}, 20}}});
  EXPECT_EQ(durability_of(run).message, "n3 applied entry 10, but its disk holds a log up to 1");
}

TEST(Durability, an_applied_entry_that_the_disk_lacks_is_invalid) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 3}) run.say(node, 1, kept());
  run.say(2, 1, OnDisk{NodeId{1}, Index{0}, Term{0}, {}});
  const auto result = durability_of(run);
  EXPECT_EQ(result.validity, Validity::invalid);
  EXPECT_EQ(result.message, "n2 applied entry 1, but its disk holds a log up to 0");
}

TEST(Durability, another_entry_than_the_applied_one_is_invalid) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2}) run.say(node, 1, kept());
  run.say(3, 1, OnDisk{NodeId{1}, Index{0}, Term{0}, {{Term{1}, 12}}});
  EXPECT_EQ(durability_of(run).message, "n3 applied one entry 1, but its disk holds another");
}

TEST(Durability, a_vote_that_the_disk_does_not_know_is_invalid) {
  struct Row {
    std::uint64_t term;
    std::optional<NodeId> vote;
    const char* found;
  };
  for (const Row& row :
       {Row{1, {}, "no vote of term 1"}, Row{1, NodeId{3}, "a vote for n3 of term 1"},
        Row{0, {}, "no vote of term 0"}}) {
    auto run = Transcript::with_leader();
    for (const int node : {1, 3}) run.say(node, 1, kept());
    auto disk = kept();
    disk.voted_for = row.vote;
    run.say(2, row.term, disk);
    const auto result = durability_of(run);
    EXPECT_EQ(result.validity, Validity::invalid);
    EXPECT_EQ(result.message,
              std::string("n2 voted for n1 in term 1, but its disk holds ") + row.found);
  }
}

TEST(Durability, a_disk_that_nobody_looked_at_or_could_read_is_not_valid) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2}) run.say(node, 1, kept());
  EXPECT_EQ(durability_of(run).validity, Validity::unknown);
  EXPECT_EQ(durability_of(run).message, "nobody looked at the disk of n3");
  run.say(3, 0, DiskDamaged{"log-1: damaged at byte 7"});
  EXPECT_EQ(durability_of(run).validity, Validity::invalid);
  EXPECT_EQ(durability_of(run).message, "the disk of n3 cannot be read: log-1: damaged at byte 7");
}

TEST(Invariants, a_trace_that_does_not_add_up_is_unknown) {
  auto run = Transcript::with_leader();
  run.say(2, 1, append(5, 1, {{Term{1}, 15}}));
  for (const auto& [name, result] : run.judge()) {
    EXPECT_EQ(result.validity, Validity::unknown) << name;
    EXPECT_THAT(result.message, HasSubstr("its log ends at 1"));
  }
  Transcript headless;
  headless.say(1, 1, Committed{Index{0}});
  EXPECT_EQ(headless.judge()["log matching"].validity, Validity::unknown);
}

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
