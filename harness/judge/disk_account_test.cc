#include "harness/judge/disk_account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/nemesis_account.h"

namespace sunder::harness {
namespace {

using history::DiskReport;
using history::FaultInjected;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

history::Time at(int seconds) {
  return std::chrono::seconds(seconds);
}

FaultInjected power_loss(std::int64_t id, std::vector<std::string> nodes,
                         const std::string& nemesis = "power-loss") {
  FaultInjected event;
  event.fault = {nemesis, id, "power-loss", {}, {{"unsynced", "lost"}}, std::move(nodes)};
  return event;
}

FaultInjected disk(std::int64_t id, const char* trouble, std::vector<std::string> nodes) {
  FaultInjected event;
  event.fault = {"disk", id, "disk", {}, {{"trouble", trouble}}, std::move(nodes)};
  return event;
}

DiskReport lost(const std::string& node, std::int64_t files, std::int64_t bytes,
                std::int64_t names) {
  return {node, "forget", {{"files", files}, {"bytes", bytes}, {"entries", names}}};
}

DiskReport note(const std::string& node) {
  return {node, "truncate 1", {{"note", "there is no file with a tail to lose"}}};
}

NemesisAccount account(std::vector<history::RunRecord> records) {
  return account_of(records);
}

TEST(DiskAccount, says_how_many_names_and_bytes_each_power_loss_cost) {
  const auto losses = account({{at(1), power_loss(1, {"n1", "n2"})},
                               {at(1), lost("n1", 1, 10, 2)},
                               {at(1), lost("n2", 2, 30, 4)},
                               {at(3), power_loss(2, {"n1"}, "ambush")},
                               {at(3), lost("n1", 0, 0, 0)}})
                          .disks.check_power_losses();
  ASSERT_TRUE(losses);
  EXPECT_EQ(losses->validity, checker::Validity::valid);
  EXPECT_EQ(losses->message,
            "nodes lost power 3 times; 6 names and 40 bytes of 3 files that were not synced were "
            "lost");
  ASSERT_EQ(losses->evidence.size(), 3U);
  EXPECT_EQ(losses->evidence[1].time, at(1));
  EXPECT_EQ(losses->evidence[1].what, "n2 lost 4 names and 30 bytes of 2 files");
  EXPECT_EQ(losses->evidence[2].time, at(3));
}

TEST(DiskAccount, a_power_loss_without_a_reply_is_said) {
  const auto losses = account({{at(1), power_loss(1, {"n1", "n2"})}, {at(1), lost("n1", 1, 10, 2)}})
                          .disks.check_power_losses();
  ASSERT_TRUE(losses);
  EXPECT_THAT(losses->message, HasSubstr("1 of them have no reply of the disk"));
}

// A killed process takes a while to end, and its disk obeys after that.
TEST(DiskAccount, replies_that_come_after_the_next_power_loss_belong_to_the_first_one) {
  const auto losses = account({{at(1), power_loss(1, {"n1"})},
                               {at(2), power_loss(2, {"n1"})},
                               {at(3), lost("n1", 1, 10, 2)},
                               {at(3), lost("n1", 0, 0, 5)}})
                          .disks.check_power_losses();
  ASSERT_TRUE(losses);
  EXPECT_EQ(losses->message,
            "nodes lost power 2 times; 7 names and 10 bytes of 1 files that were not synced were "
            "lost");
  EXPECT_EQ(losses->evidence[0].time, at(1));
  EXPECT_EQ(losses->evidence[1].time, at(2));
}

// A disk whose sync failed drops its pages too, and no power is lost.
TEST(DiskAccount, what_a_failed_sync_drops_is_no_power_loss) {
  EXPECT_FALSE(account({{at(1), disk(1, "fail-sync", {"n1"})}, {at(2), lost("n1", 1, 10, 0)}})
                   .disks.check_power_losses());
}

TEST(DiskAccount, a_fault_that_found_nothing_to_damage_did_not_take_effect) {
  const auto nothing = account(
      {{at(1), disk(1, "truncate", {"n1", "n2"})}, {at(1), note("n1")}, {at(1), note("n2")}});
  EXPECT_THAT(nothing.injected, IsEmpty());
  EXPECT_THAT(nothing.disks.warnings()[0],
              HasSubstr("fault 1 at 1.0 s damaged 0 of 2 disks: there is no file with a tail"));
  const auto half = account({{at(1), disk(1, "truncate", {"n1", "n2"})}, {at(1), note("n2")}});
  EXPECT_THAT(half.injected, ElementsAre("disk"));
}

TEST(DiskAccount, says_of_which_faults_no_system_need_survive) {
  const auto account_of_two =
      account({{at(1), disk(1, "copy", {"n1"})}, {at(2), disk(2, "full", {"n1"})}});
  EXPECT_THAT(account_of_two.disks.warnings(),
              ElementsAre(HasSubstr("no system need survive disk:copy:")));
  EXPECT_THAT(account({{at(1), disk(1, "flip", {"n1"})}}).disks.warnings(), IsEmpty());
}

}  // namespace
}  // namespace sunder::harness
