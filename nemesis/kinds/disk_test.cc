#include "nemesis/kinds/disk.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/kinds/power_loss.h"
#include "nemesis/nemesis_fixture_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

struct DiskTest : NemesisFixture {
  static Fault strike(const Action& action, std::vector<NodeId> nodes) {
    return {.id = 1,
            .action = action,
            .target = {TargetRule::nodes, std::move(nodes)},
            .duration = 1ms,
            .pick = 40};
  }
};

TEST_F(DiskTest, everyone_is_dead_before_a_disk_forgets_anything) {
  play({strike(PowerLoss{}, {n1, n3})});
  EXPECT_THAT(cluster.calls, ElementsAre("kill n1", "kill n3", "disk n1: forget", "disk n3: forget",
                                         "start n1", "start n3"));
  EXPECT_THAT(functions(), ElementsAre("power-loss", "heal-power-loss"));
}

TEST_F(DiskTest, every_node_tears_its_writes_where_its_own_seed_says) {
  play({strike(PowerLoss{Unsynced::torn}, {n1, n3})});
  EXPECT_THAT(cluster.calls, Contains("disk n1: tear 41"));
  EXPECT_THAT(cluster.calls, Contains("disk n3: tear 43"));
}

TEST_F(DiskTest, a_power_loss_that_keeps_names_says_so_to_every_disk) {
  play({strike(PowerLoss{Unsynced::lost, disk::Names::kept}, {n1})});
  EXPECT_THAT(cluster.calls, Contains("disk n1: forget keeping names"));
  play({strike(PowerLoss{Unsynced::torn, disk::Names::kept}, {n1})});
  EXPECT_THAT(cluster.calls, Contains("disk n1: tear 41 keeping names"));
}

TEST_F(DiskTest, a_node_that_a_failed_sync_stopped_is_started_again_without_the_lost_bytes) {
  on_event = [this](const history::Event& event) {
    if (event.f != "disk") return;
    cluster.down.insert(n2);
    EXPECT_FALSE(nemesis.stopped_for_a_reason(n3, "exit status 1"));
    EXPECT_TRUE(nemesis.stopped_for_a_reason(n2, "exit status 1"));
  };
  play({strike(DiskFault{DiskTrouble::fail_sync}, {n2})});
  EXPECT_THAT(functions(), ElementsAre("disk", "stopped", "heal-disk"));
  EXPECT_THAT(cluster.calls, ElementsAre("disk n2: fail-sync", "disk n2: forget keeping names",
                                         "disk n2: heal", "start n2"));
}

TEST_F(DiskTest, in_the_other_half_of_the_cases_the_node_reads_back_what_its_failed_sync_lost) {
  auto fault = strike(DiskFault{DiskTrouble::fail_sync}, {n2});
  fault.pick = 41;
  play({fault});
  EXPECT_THAT(cluster.calls,
              ElementsAre("disk n2: fail-sync", "kill n2", "disk n2: heal", "start n2"));
}

TEST_F(DiskTest, a_node_that_met_no_full_disk_is_booted_anew_all_the_same) {
  play({strike(DiskFault{DiskTrouble::full}, {n2})});
  EXPECT_THAT(cluster.calls, ElementsAre("disk n2: full", "kill n2", "disk n2: heal", "start n2"));
  EXPECT_FALSE(nemesis.stopped_for_a_reason(n2, "exit status 1"));
}

TEST_F(DiskTest, slowness_is_no_reason_to_stop_and_heals_under_the_running_node) {
  on_event = [this](const history::Event& event) {
    if (event.f != "disk") return;
    EXPECT_FALSE(nemesis.stopped_for_a_reason(n2, "exit status 1"));
  };
  play({strike(DiskFault{DiskTrouble::slow, 20ms}, {n2})});
  EXPECT_THAT(cluster.calls, ElementsAre("disk n2: slow 20", "disk n2: heal"));
}

TEST_F(DiskTest, a_byte_is_damaged_while_the_node_is_away_and_restored_before_it_returns) {
  play({strike(DiskFault{DiskTrouble::flip}, {n2, n3})});
  EXPECT_THAT(cluster.calls,
              ElementsAre("kill n2", "disk n2: flip 42", "kill n3", "disk n3: flip 43", "start n2",
                          "start n3", "kill n2", "disk n2: heal", "kill n3", "disk n3: heal",
                          "start n2", "start n3"));
}

TEST_F(DiskTest, syncs_alone_may_be_slow_and_heal_under_the_running_node) {
  play({strike(DiskFault{DiskTrouble::slow_sync, 20ms}, {n2})});
  EXPECT_THAT(cluster.calls, ElementsAre("disk n2: slow-sync 20", "disk n2: heal"));
}

TEST_F(DiskTest, a_disk_that_fills_up_in_the_middle_of_a_write_is_a_reason_to_stop) {
  on_event = [this](const history::Event& event) {
    if (event.f != "disk") return;
    cluster.down.insert(n2);
    EXPECT_TRUE(nemesis.stopped_for_a_reason(n2, "exit status 1"));
  };
  play({strike(DiskFault{DiskTrouble::full_midway}, {n2})});
  EXPECT_THAT(cluster.calls, ElementsAre("disk n2: full-midway", "disk n2: heal", "start n2"));
}

TEST_F(DiskTest, what_was_synced_is_damaged_while_the_node_is_away) {
  for (const auto& [trouble, name] : {std::pair{DiskTrouble::truncate, "truncate"},
                                      std::pair{DiskTrouble::lost_write, "lost-write"}}) {
    cluster.calls.clear();
    play({strike(DiskFault{trouble}, {n2})});
    EXPECT_THAT(cluster.calls, ElementsAre("kill n2", std::string("disk n2: ") + name + " 42",
                                           "start n2", "kill n2", "disk n2: heal", "start n2"));
  }
}

TEST_F(DiskTest, one_byte_is_damaged_in_as_many_copies_as_are_asked_for) {
  play({strike(DiskFault{DiskTrouble::flip_many}, {n1, n2, n3})});
  for (const char* node : {"n1", "n2", "n3"}) {
    EXPECT_THAT(cluster.calls, Contains(std::string("disk ") + node + ": flip 40"));
  }
}

TEST_F(DiskTest, files_are_copied_from_a_node_that_is_no_target) {
  play({strike(DiskFault{DiskTrouble::copy}, {n1, n2, n3, n4})});
  EXPECT_THAT(cluster.calls, Contains("disk n1: copy 41 n5"));
  EXPECT_THAT(cluster.calls, Contains("disk n4: copy 44 n5"));
}

TEST_F(DiskTest, without_another_node_no_file_is_copied) {
  play({strike(DiskFault{DiskTrouble::copy}, {n1, n2, n3, n4, n5})});
  EXPECT_THAT(functions(), ElementsAre("skip-disk"));
  EXPECT_TRUE(cluster.calls.empty());
}

TEST_F(DiskTest, bytes_are_damaged_in_a_minority_only) {
  play({strike(DiskFault{DiskTrouble::flip}, {n1, n2, n3})});
  EXPECT_THAT(functions(), ElementsAre("skip-disk"));
  EXPECT_TRUE(cluster.calls.empty());
}

// A node could not tell the damage from a write that the power loss tore.
TEST_F(DiskTest, a_node_with_a_damaged_byte_does_not_lose_its_power) {
  auto damage = strike(DiskFault{DiskTrouble::flip}, {n2});
  damage.duration = 5ms;
  auto loss = strike(PowerLoss{Unsynced::torn}, {n1, n2});
  loss.id = 2;
  loss.at = 1ms;
  play({damage, loss});
  EXPECT_THAT(cluster.calls, Contains("disk n2: flip 42"));
  EXPECT_THAT(functions(), ElementsAre("disk", "heal-disk", "power-loss", "heal-power-loss"));
}

TEST_F(DiskTest, a_slow_disk_beside_a_damaged_one_does_not_hide_it_from_the_power_loss) {
  auto slow = strike(DiskFault{DiskTrouble::slow, 20ms}, {n1});
  auto damage = strike(DiskFault{DiskTrouble::flip}, {n2});
  auto loss = strike(PowerLoss{}, {n1, n2});
  slow.duration = 9ms;
  damage.duration = 5ms;
  damage.id = 2;
  loss.id = 3;
  loss.at = 1ms;
  play({slow, damage, loss});
  const auto names = functions();
  const auto healed = std::find(names.begin(), names.end(), "heal-disk");
  EXPECT_THAT(names, Contains("power-loss"));
  EXPECT_LT(healed, std::find(names.begin(), names.end(), "power-loss"));
}

TEST_F(DiskTest, ordinary_disks_take_no_orders) {
  cluster.on_faulty_disks = false;
  play({strike(PowerLoss{}, {n1})});
  EXPECT_THAT(functions(), ElementsAre("skip-power-loss"));
  EXPECT_TRUE(cluster.calls.empty());
}

TEST(DiskKinds, what_no_system_need_survive_is_drawn_only_by_its_name) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const auto drawn = kind_of(DiskFault{}).draw("", random);
    EXPECT_FALSE(is_beyond_promises(drawn[0].action.get<DiskFault>().trouble)) << "seed " << seed;
  }
  Random random(1);
  for (const char* name : {"flip-many", "truncate", "lost-write", "copy"}) {
    const auto drawn = kind_of(DiskFault{}).draw(name, random);
    EXPECT_TRUE(is_beyond_promises(drawn[0].action.get<DiskFault>().trouble)) << name;
  }
}

TEST(DiskKinds, a_power_loss_keeps_names_unless_they_are_to_be_lost) {
  const auto& kind = kind_of(PowerLoss{});
  for (const std::string_view refinement : kind.refinements()) {
    Random random(1);
    const auto drawn = kind.draw(refinement, random)[0].action.get<PowerLoss>();
    EXPECT_EQ(drawn.names == disk::Names::lost, refinement == "names-lost") << refinement;
  }
}

TEST(DiskKinds, are_left_out_where_there_are_no_faulty_disks) {
  const auto names = [](const std::vector<FaultChoice>& choices) {
    std::vector<std::string> all;
    for (const auto& choice : choices) all.push_back(text_of(choice));
    return all;
  };
  const auto with = names(parse_nemeses("all"));
  EXPECT_THAT(with, Contains("power-loss"));
  EXPECT_THAT(with, Contains("disk"));
  EXPECT_THAT(with, Contains("ambush"));
  const auto without = names(parse_nemeses("all", {}, [] { return false; }));
  EXPECT_THAT(without, Not(Contains("power-loss")));
  EXPECT_THAT(without, Not(Contains("disk")));
  EXPECT_THAT(without, Not(Contains("ambush")));
  EXPECT_THAT(without, Contains("ambush:figure-8"));
  EXPECT_THAT(without, Not(Contains("ambush:power-after-commit")));
}

}  // namespace
}  // namespace sunder::nemesis
