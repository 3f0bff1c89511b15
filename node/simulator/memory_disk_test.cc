#include "node/simulator/memory_disk.h"

#include <gtest/gtest.h>

namespace sunder::simulator {
namespace {

struct DiskWithTerm : MemoryDisk {
  explicit DiskWithTerm(std::uint64_t term) : MemoryDisk([] {}) {
    save(raft::HardState{Term{term}, {}});
    sync();
  }
};

std::uint64_t term_on(const MemoryDisk& disk) {
  return disk.contents().hard_state.term.value;
}

TEST(MemoryDisk, a_process_that_dies_keeps_what_it_wrote) {
  DiskWithTerm disk(1);
  disk.save(raft::HardState{Term{2}, {}});
  disk.write();
  disk.save(raft::HardState{Term{3}, {}});
  disk.end_process();
  EXPECT_EQ(term_on(disk), 2U);
}

TEST(MemoryDisk, the_power_takes_what_was_not_synced_even_after_the_process_died) {
  DiskWithTerm disk(1);
  disk.save(raft::HardState{Term{2}, {}});
  disk.write();
  disk.end_process();
  disk.lose_power();
  EXPECT_EQ(term_on(disk), 1U);
}

TEST(MemoryDisk, a_torn_write_is_the_last_one_alone) {
  DiskWithTerm disk(1);
  for (const std::uint64_t term : {2, 3}) {
    disk.save(raft::HardState{Term{term}, {}});
    disk.write();
  }
  disk.tear();
  EXPECT_EQ(term_on(disk), 2U);
  disk.lose_power();
  EXPECT_EQ(term_on(disk), 2U);
}

TEST(MemoryDisk, one_that_is_formatted_knows_nothing) {
  DiskWithTerm disk(1);
  disk.format();
  EXPECT_EQ(term_on(disk), 0U);
}

}  // namespace
}  // namespace sunder::simulator
