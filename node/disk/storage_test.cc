// What every disk must keep, asked of the folder of a real node and of the simulator's disk.

#include "node/disk/storage.h"

#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "node/disk/disk_log.h"
#include "node/replica.h"
#include "node/simulator/memory_disk.h"
#include "node/store/state_bytes_test.h"
#include "testing/temporary_folder.h"

namespace sunder {
namespace {

class FolderDisk {
 public:
  Storage& storage() { return *log_; }
  /// The process dies and another one starts.
  raft::Restored restart() {
    log_.reset();
    log_ = open();
    return log_->take_restored();
  }

 private:
  std::unique_ptr<DiskLog> open() const {
    return std::make_unique<DiskLog>(folder_.path(),
                                     DiskLogOptions{.segment_bytes = 2048, .is_synced = false});
  }

  const TemporaryFolder folder_;
  std::unique_ptr<DiskLog> log_ = open();
};

class SimulatedDisk {
 public:
  Storage& storage() { return disk_; }
  raft::Restored restart() {
    disk_.end_process();
    return disk_.contents();
  }

 private:
  simulator::MemoryDisk disk_{[] {}};
};

std::vector<raft::EntryPtr> entries_of(std::uint64_t term, std::uint64_t first,
                                       std::uint64_t last) {
  std::vector<raft::EntryPtr> entries;
  for (auto index = first; index <= last; ++index) {
    entries.push_back(raft::make_entry({Term{term}, Index{index}}, raft::EntryType::noop, {}));
  }
  return entries;
}

raft::SnapshotPtr snapshot_at(std::uint64_t term, std::uint64_t index) {
  StateMachine empty;
  return std::make_shared<const raft::Snapshot>(
      raft::Snapshot{{Term{term}, Index{index}}, {{NodeId{1}}, {}, {}}, Index{0}, bytes_of(empty)});
}

/// "4@2: 5@2 6@2": the snapshot's last entry, then the log.
std::string log_text_of(const raft::Restored& restored) {
  const auto edge = restored.snapshot ? restored.snapshot->last : raft::LogPosition{};
  auto text = fmt::format("{}@{}:", edge.index.value, edge.term.value);
  for (const auto& entry : restored.entries) {
    text += fmt::format(" {}@{}", entry->position.index.value, entry->position.term.value);
  }
  return text;
}

template <typename Disk>
class StorageTest : public testing::Test {
 protected:
  void append(const std::vector<raft::EntryPtr>& entries) {
    disk_.storage().append(entries);
    disk_.storage().sync();
  }
  std::string restarted() { return log_text_of(disk_.restart()); }

  Disk disk_;
};

using Disks = testing::Types<FolderDisk, SimulatedDisk>;
TYPED_TEST_SUITE(StorageTest, Disks);

TYPED_TEST(StorageTest, entries_replace_the_log_from_the_first_one_on) {
  this->append(entries_of(1, 1, 9));
  this->append(entries_of(2, 4, 5));
  EXPECT_EQ(this->restarted(), "0@0: 1@1 2@1 3@1 4@2 5@2");
}

TYPED_TEST(StorageTest, a_snapshot_keeps_the_log_behind_it) {
  this->append(entries_of(1, 1, 5));
  this->disk_.storage().save(snapshot_at(1, 3), /*keeps_log=*/true);
  EXPECT_EQ(this->restarted(), "3@1: 4@1 5@1");
  this->append(entries_of(2, 5, 6));
  EXPECT_EQ(this->restarted(), "3@1: 4@1 5@2 6@2");
}

TYPED_TEST(StorageTest, a_snapshot_that_keeps_no_log_removes_it_for_ever) {
  this->append(entries_of(1, 1, 9));
  this->disk_.storage().save(snapshot_at(2, 4), /*keeps_log=*/false);
  EXPECT_EQ(this->restarted(), "4@2:");
  this->append(entries_of(2, 5, 6));
  EXPECT_EQ(this->restarted(), "4@2: 5@2 6@2");
}

TYPED_TEST(StorageTest, a_snapshot_written_in_the_background_keeps_the_log_behind_it) {
  this->append(entries_of(1, 1, 5));
  this->disk_.storage().begin_writing([] { return snapshot_at(1, 3); });
  while (!this->disk_.storage().take_written()) continue;
  EXPECT_EQ(this->restarted(), "3@1: 4@1 5@1");
}

/// A follower on the disk, and the leader's messages to it.
class Follower : private Network, private Clients, private TraceSink {
 public:
  Follower(Storage& storage, const raft::Restored& restored)
      : proposals_(*this),
        replica_({.raft = {.id = NodeId{1}, .initial = {{NodeId{1}, NodeId{2}, NodeId{3}}, {}, {}}},
                  .client_addresses = {}},
                 {}, restored, {storage, *this, *this, proposals_, state_machine_, *this},
                 raft::Time{0}) {}

  void receive(raft::Body body) {
    replica_.receive(raft::Time{0}, {NodeId{2}, NodeId{1}, Term{4}, std::move(body)});
  }
  void append(raft::LogPosition previous, std::vector<raft::EntryPtr> entries) {
    receive(raft::AppendEntries{
        .previous = previous, .entries = std::move(entries), .commit_index = Index{0}, .round = 1});
  }
  void install(const raft::Snapshot& snapshot) {
    receive(raft::InstallSnapshot{.last = snapshot.last,
                                  .configuration = snapshot.configuration,
                                  .configuration_index = snapshot.configuration_index,
                                  .offset = 0,
                                  .size_bytes = snapshot.data.size(),
                                  .piece = snapshot.data,
                                  .round = 1});
  }
  void perform() { replica_.perform(); }
  bool has_acknowledged(std::uint64_t index) const {
    for (const auto& message : sent_) {
      const auto* reply = std::get_if<raft::AppendReply>(&message.body);
      if (reply != nullptr && reply->accepted && reply->index.value >= index) return true;
    }
    return false;
  }

 private:
  void send(const raft::Message& message) override { sent_.push_back(message); }
  void answer(Connection, const client_protocol::Reply&) override {}
  void write(Term, const trace::Event&) override {}
  void flush() override {}

  std::vector<raft::Message> sent_;
  Proposals proposals_;
  StateMachine state_machine_;
  Replica replica_;
};

template <typename Disk>
class FollowerOnDisk : public StorageTest<Disk> {
 protected:
  /// Entries 1 to 9 of term 3, which the leader of term 4 replaces.
  FollowerOnDisk() {
    this->disk_.storage().save(raft::HardState{Term{3}, {}});
    this->append(entries_of(3, 1, 9));
    start();
  }
  void start() {
    follower_.reset();
    const auto restored = this->disk_.restart();
    follower_ = std::make_unique<Follower>(this->disk_.storage(), restored);
    follower_->perform();
  }
  std::string log_after_restart() {
    follower_.reset();
    return this->restarted();
  }

  std::unique_ptr<Follower> follower_;
};
TYPED_TEST_SUITE(FollowerOnDisk, Disks);

TYPED_TEST(FollowerOnDisk, keeps_what_it_acknowledges_after_a_step_with_entries_and_a_snapshot) {
  this->follower_->append({}, entries_of(4, 1, 4));
  this->follower_->install(*snapshot_at(4, 4));
  this->follower_->perform();
  this->follower_->append({Term{4}, Index{4}}, entries_of(4, 5, 7));
  this->follower_->perform();
  ASSERT_TRUE(this->follower_->has_acknowledged(7));
  EXPECT_EQ(this->log_after_restart(), "4@4: 5@4 6@4 7@4");
}

TYPED_TEST(FollowerOnDisk, keeps_no_conflicting_suffix_after_a_step_with_entries_and_a_snapshot) {
  this->follower_->append({}, entries_of(4, 1, 4));
  this->follower_->install(*snapshot_at(4, 4));
  this->follower_->perform();
  EXPECT_EQ(this->log_after_restart(), "4@4:");
}

TYPED_TEST(FollowerOnDisk, writes_the_suffix_that_came_in_the_same_step_as_the_snapshot) {
  this->follower_->append({}, entries_of(4, 1, 6));
  this->follower_->install(*snapshot_at(4, 4));
  this->follower_->perform();
  ASSERT_TRUE(this->follower_->has_acknowledged(6));
  EXPECT_EQ(this->log_after_restart(), "4@4: 5@4 6@4");
}

TYPED_TEST(FollowerOnDisk, writes_entries_of_the_same_step_that_replace_the_suffix) {
  this->follower_->append({}, entries_of(4, 1, 9));
  this->follower_->perform();
  this->follower_->install(*snapshot_at(4, 4));
  this->follower_->append({Term{4}, Index{9}}, entries_of(4, 10, 11));
  this->follower_->perform();
  ASSERT_TRUE(this->follower_->has_acknowledged(11));
  EXPECT_EQ(this->log_after_restart(), "4@4: 5@4 6@4 7@4 8@4 9@4 10@4 11@4");
}

}  // namespace
}  // namespace sunder
