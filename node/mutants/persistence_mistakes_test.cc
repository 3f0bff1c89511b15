#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "node/disk/disk_log.h"
#include "node/mutants/mutated_test.h"
#include "testing/temporary_folder.h"

namespace sunder::persistence_mistakes {
namespace {

namespace fs = std::filesystem;
using raft::HardState;

constexpr NodeId self{1};
constexpr NodeId other{2};

/// The mutant's storage, around one that records.
struct OnDisk : Mutated {
  explicit OnDisk(std::string_view id)
      : Mutated(id), storage(parts.storage(std::make_unique<RecordedStorage>(calls), self)) {}

  Calls calls;
  std::unique_ptr<Storage> storage;
};

raft::SnapshotPtr snapshot_at(raft::LogPosition last) {
  return std::make_shared<const raft::Snapshot>(raft::Snapshot{last, {{self}, {}, {}}, {}, ""});
}

TEST(PersistenceMistakes, P1_drops_the_vote_and_keeps_the_term) {
  OnDisk mutant("P1");
  mutant.storage->save(HardState{Term{3}, other});
  EXPECT_EQ(mutant.reached, 1);
  mutant.storage->save(HardState{Term{4}, std::nullopt});
  mutant.storage->sync();
  EXPECT_EQ(mutant.calls, (Calls{"term 3 vote 0", "term 4 vote 0", "sync"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P2_begins_a_new_log_with_the_term_of_its_entries) {
  OnDisk mutant("P2");
  mutant.storage->save(HardState{Term{3}, other});
  mutant.storage->append({command_at(2, 7)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.storage->take_written(), nullptr);
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->begin_writing([] { return snapshot_at(at(2, 7)); });
  EXPECT_NE(mutant.storage->take_written(), nullptr);
  EXPECT_EQ(mutant.calls,
            (Calls{"term 3 vote 2", "append 7 to 7", "sync", "term 2 vote 0", "sync"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P3_syncs_a_vote_for_another_with_what_comes_next) {
  OnDisk mutant("P3");
  mutant.storage->save(HardState{Term{3}, self});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->save(HardState{Term{4}, other});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 1);
  mutant.storage->append({command_at(4, 1)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.calls,
            (Calls{"term 3 vote 1", "sync", "term 4 vote 2", "write", "append 1 to 1", "sync"}));
}

TEST(PersistenceMistakes, P4_writes_a_candidacy_with_what_comes_next) {
  OnDisk mutant("P4");
  mutant.storage->save(HardState{Term{3}, other});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->save(HardState{Term{4}, self});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 1);
  EXPECT_EQ(mutant.calls, (Calls{"term 3 vote 2", "sync", "term 4 vote 1"}));
}

TEST(PersistenceMistakes, P5_puts_the_vote_beside_the_old_term_for_a_moment) {
  OnDisk mutant("P5");
  mutant.storage->save(HardState{Term{3}, other});
  mutant.storage->save(HardState{Term{4}, std::nullopt});
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->save(HardState{Term{5}, self});
  EXPECT_EQ(mutant.calls,
            (Calls{"term 3 vote 2", "term 4 vote 0", "term 4 vote 1", "sync", "term 5 vote 1"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P6_lets_an_acknowledgement_leave_early) {
  Mutated mutant("P6");
  const auto& leaves_early = mutant.parts.rules.may_leave_early;
  EXPECT_TRUE(leaves_early(raft::AppendEntries{}));
  EXPECT_FALSE(leaves_early(raft::VoteReply{}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_TRUE(leaves_early(raft::AppendReply{}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P7_does_not_sync_the_entries_of_its_own_term) {
  OnDisk mutant("P7");
  mutant.storage->save(HardState{Term{3}, self});
  mutant.storage->sync();
  mutant.storage->append({command_at(2, 1)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->append({command_at(3, 2)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.calls,
            (Calls{"term 3 vote 1", "sync", "append 1 to 1", "sync", "append 2 to 2", "write"}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P8_is_none) {
  EXPECT_THROW(Mutated("P8"), std::invalid_argument);
  EXPECT_FALSE(find_mutant("P8").argument.empty());
}

TEST(PersistenceMistakes, P9_does_not_sync_where_it_once_did) {
  OnDisk mutant("P9");
  mutant.storage->append({command_at(1, 1), command_at(1, 2)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 0);
  mutant.storage->append({command_at(2, 2)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.reached, 1);
  mutant.storage->append({command_at(2, 3)});
  mutant.storage->sync();
  EXPECT_EQ(mutant.calls,
            (Calls{"append 1 to 2", "sync", "append 2 to 2", "write", "append 3 to 3", "sync"}));
  EXPECT_EQ(mutant.reached, 1);
}

/// A log on a disk, in a folder of its own.
class MistakenLog : public testing::Test {
 protected:
  /// Opens, appends one entry if asked to, and says how many there were.
  std::size_t entries_after_start(const Parts& parts, std::uint64_t append_at = 0) const {
    DiskLog log(directory_, {.segment_bytes = 2048, .is_synced = false, .rules = parts.disk});
    if (append_at != 0) {
      log.append({command_at(1, append_at, "x")});
      log.sync();
    }
    return log.take_restored().entries.size();
  }

  /// Half of a batch stands behind the last one, where its mark was, as if the power had gone.
  void tear_the_tail() const {
    const auto path = directory_ / "log-0000000000000001";
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    file.clear();
    file.seekp(static_cast<std::streamoff>(bytes.rfind("BTCH")));
    file << "BTCH torn";
  }

  const TemporaryFolder temporary_;
  const fs::path& directory_ = temporary_.path();
};

TEST_F(MistakenLog, P10_loses_what_it_wrote_behind_a_torn_tail) {
  Mutated mutant("P10");
  entries_after_start(mutant.parts, 1);
  EXPECT_EQ(mutant.reached, 0);
  tear_the_tail();
  EXPECT_EQ(entries_after_start(mutant.parts, 2), 1u);
  EXPECT_EQ(mutant.reached, 1);
  EXPECT_EQ(entries_after_start(mutant.parts), 1u);
}

TEST_F(MistakenLog, the_right_one_keeps_what_it_wrote_behind_a_torn_tail) {
  entries_after_start(Parts{}, 1);
  tear_the_tail();
  EXPECT_EQ(entries_after_start(Parts{}, 2), 1u);
  EXPECT_EQ(entries_after_start(Parts{}), 2u);
}

TEST_F(MistakenLog, P11_loses_what_stands_before_a_torn_tail) {
  Mutated mutant("P11");
  entries_after_start(mutant.parts, 1);
  EXPECT_EQ(entries_after_start(mutant.parts), 1u);
  EXPECT_EQ(mutant.reached, 0);
  tear_the_tail();
  EXPECT_EQ(entries_after_start(mutant.parts), 0u);
  EXPECT_EQ(mutant.reached, 1);
}

TEST(PersistenceMistakes, P12_removes_the_newest_segment_first) {
  Mutated mutant("P12");
  EXPECT_EQ(mutant.parts.disk.removal_order({4}), (SegmentNumbers{4}));
  EXPECT_EQ(mutant.reached, 0);
  EXPECT_EQ(mutant.parts.disk.removal_order({4, 5, 6}), (SegmentNumbers{6, 5, 4}));
  EXPECT_EQ(mutant.reached, 1);
}

TEST_F(MistakenLog, P13_writes_a_snapshot_and_does_not_sync_it) {
  Mutated mutant("P13");
  const auto path = directory_ / "snapshot";
  mutant.parts.disk.replace_file(path, "state");
  std::ifstream in(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "state");
  Calls calls;
  const auto storage = mutant.parts.storage(std::make_unique<RecordedStorage>(calls), self);
  EXPECT_EQ(mutant.reached, 0);
  storage->begin_writing([] { return snapshot_at(at(1, 1)); });
  storage->save(snapshot_at(at(1, 2)), true);
  EXPECT_EQ(mutant.reached, 2);
}

}  // namespace
}  // namespace sunder::persistence_mistakes
