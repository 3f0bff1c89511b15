#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/raft/transcript_test.h"

namespace sunder::checker::raft {
namespace {

using testing::ElementsAre;

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
            "1 restarts lost no vote and no applied entry (1 entries were compared)");
  auto forgot_a_vote = Transcript::with_leader();
  forgot_a_vote.say(2, 1, Started{std::nullopt, {}, {}, {{Term{1}, 11}}});
  EXPECT_EQ(durability_of(forgot_a_vote).message,
            "n2 voted for n1 in term 1, but it restarted with no vote of term 1");
  auto forgot_an_entry = Transcript::with_leader();
  forgot_an_entry.say(2, 1, Started{NodeId{1}, {}, {}, {}});
  EXPECT_EQ(durability_of(forgot_an_entry).message,
            "n2 applied entry 1, but it restarted with a log up to 0");
}

TEST(Durability, a_node_with_an_empty_disk_is_a_newcomer_only_if_it_belongs_to_no_cluster) {
  auto newcomer = Transcript::with_leader();
  newcomer.say(2, 0, Started{});
  newcomer.say(2, 0, Configuration{Index{0}, {NodeId{1}, NodeId{3}}, {}, {}});
  EXPECT_THAT(newcomer.broken(), ElementsAre());
  auto amnesiac = Transcript::with_leader();
  amnesiac.say(2, 0, Started{}).say(2, 0, Transcript::three_voters());
  EXPECT_THAT(amnesiac.broken(), ElementsAre("durability", "terms"));
}

TEST(Durability, a_disk_that_holds_what_was_promised_is_valid) {
  auto run = Transcript::with_leader();
  for (const int node : {1, 2, 3}) run.say(node, 1, kept());
  const auto result = durability_of(run);
  EXPECT_EQ(result.validity, Validity::valid) << result.message;
  EXPECT_EQ(result.message,
            "0 restarts lost no vote and no applied entry (3 entries were compared); neither did 3 "
            "disks that were inspected after the run");
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
  EXPECT_EQ(durability_of(run).message, "n3 applied entry 1, but its disk holds a different one");
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
  EXPECT_EQ(durability_of(run).message, "the disk of n3 was not inspected");
  run.say(3, 0, DiskDamaged{"log-1: damaged at byte 7"});
  EXPECT_EQ(durability_of(run).validity, Validity::invalid);
  EXPECT_EQ(durability_of(run).message, "the disk of n3 cannot be read: log-1: damaged at byte 7");
}

}  // namespace
}  // namespace sunder::checker::raft
