#include "node/disk/disk_log.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include "node/disk/snapshot_file.h"
#include "testing/temporary_folder.h"

namespace sunder {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of its own, gone afterwards.
class DiskLogTest : public testing::Test {
 protected:
  DiskLog open() const { return DiskLog(directory_, {.segment_bytes = 2048, .is_synced = false}); }

  raft::Restored reopened() const { return open().take_restored(); }

  fs::path newest_segment() const {
    fs::path newest;
    for (const auto& each : fs::directory_iterator(directory_)) {
      if (each.path().filename().string().starts_with("log-")) {
        newest = std::max(newest, each.path());
      }
    }
    return newest;
  }

  std::string refusal() const {
    try {
      open();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "(opened)";
  }

  const TemporaryFolder temporary_;
  const fs::path& directory_ = temporary_.path();
};

raft::EntryPtr entry(std::uint64_t term, std::uint64_t index, std::string data = "data") {
  return raft::make_entry({Term{term}, Index{index}}, raft::EntryType::command, std::move(data));
}

void append(DiskLog& log, const std::vector<raft::EntryPtr>& entries) {
  log.append(entries);
  log.sync();
}

std::string text_of(const raft::Restored& restored) {
  const auto voted_for = restored.hard_state.voted_for.value_or(NodeId{0}).value;
  auto text = fmt::format("term {} vote {}:", restored.hard_state.term.value, voted_for);
  for (const auto& each : restored.entries) {
    text +=
        fmt::format(" {}@{}={}", each->position.index.value, each->position.term.value, each->data);
  }
  return text;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_F(DiskLogTest, what_was_synced_is_there_again) {
  {
    auto log = open();
    log.save(raft::HardState{Term{3}, NodeId{2}});
    append(log, {entry(1, 1, "a"), entry(3, 2, "b")});
    append(log, {entry(3, 3, std::string("\0\n", 2))});
  }
  EXPECT_EQ(text_of(reopened()), "term 3 vote 2: 1@1=a 2@3=b 3@3=" + std::string("\0\n", 2));
}

TEST_F(DiskLogTest, what_was_not_synced_is_not) {
  {
    auto log = open();
    append(log, {entry(1, 1)});
    log.append({entry(1, 2)});
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 1@1=data");
}

TEST_F(DiskLogTest, an_entry_replaces_what_stood_there_and_behind) {
  {
    auto log = open();
    append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
    append(log, {entry(2, 2, "new")});
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 1@1=data 2@2=new");
}

TEST_F(DiskLogTest, the_log_runs_over_many_segments) {
  std::string expected = "term 7 vote 1:";
  {
    auto log = open();
    log.save(raft::HardState{Term{7}, NodeId{1}});
    for (std::uint64_t index = 1; index <= 200; ++index) {
      append(log, {entry(1, index)});
      expected += fmt::format(" {}@1=data", index);
    }
  }
  EXPECT_GT(newest_segment().filename(), "log-0000000000000004");
  EXPECT_EQ(text_of(reopened()), expected);
}

TEST_F(DiskLogTest, a_batch_larger_than_a_segment_is_kept) {
  const std::string large(10'000, 'x');
  {
    auto log = open();
    append(log, {entry(1, 1, large)});
    append(log, {entry(1, 2, "small")});
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 1@1=" + large + " 2@1=small");
}

TEST_F(DiskLogTest, a_snapshot_replaces_the_log_before_it) {
  const auto snapshot = std::make_shared<const raft::Snapshot>(
      raft::Snapshot{{Term{1}, Index{150}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"});
  {
    auto log = open();
    log.save(raft::HardState{Term{7}, NodeId{1}});
    for (std::uint64_t index = 1; index <= 152; ++index) append(log, {entry(1, index)});
    log.save(snapshot, /*keeps_log=*/true);
  }
  const auto restored = reopened();
  EXPECT_EQ(text_of(restored), "term 7 vote 1: 151@1=data 152@1=data");
  ASSERT_NE(restored.snapshot, nullptr);
  EXPECT_EQ(restored.snapshot->data, "state");
  EXPECT_EQ(restored.snapshot->last, snapshot->last);
  EXPECT_FALSE(fs::exists(directory_ / "log-0000000000000001"));
}

/// Killed when it had named its next segment and not yet written to it.
class EmptySegmentTest : public DiskLogTest {
 protected:
  EmptySegmentTest() {
    {
      auto log = open();
      log.save(raft::HardState{Term{7}, NodeId{1}});
      for (std::uint64_t index = 1; index <= 40; ++index) append(log, {entry(1, index)});
    }
    const auto next = numbered_files(directory_, segment_prefix).rbegin()->first + 1;
    auto bytes = log_format::segment_header(next);
    bytes.resize(2048);
    write_file(segment_path(directory_, next), bytes);
  }

  const raft::SnapshotPtr snapshot_ = std::make_shared<const raft::Snapshot>(
      raft::Snapshot{{Term{1}, Index{40}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"});
};

TEST_F(EmptySegmentTest, keeps_term_and_vote_when_a_snapshot_takes_the_segments_before_it) {
  open().save(snapshot_, /*keeps_log=*/true);
  EXPECT_EQ(numbered_files(directory_, segment_prefix).size(), 1U);
  EXPECT_EQ(text_of(reopened()), "term 7 vote 1:");
}

TEST_F(EmptySegmentTest, is_no_damage_when_the_next_batch_is_too_large_for_it) {
  {
    auto log = open();
    log.save(snapshot_, /*keeps_log=*/true);
    append(log, {entry(7, 41, std::string(3000, 'x'))});
  }
  EXPECT_EQ(reopened().entries.size(), 1U);
}

// As earlier versions left it: nothing in it, and the segments before it are gone.
TEST_F(EmptySegmentTest, may_be_the_first) {
  const auto empty = newest_segment();
  const auto bytes = read_file(empty);
  {
    auto log = open();
    log.save(snapshot_, /*keeps_log=*/true);
    append(log, {entry(7, 41, std::string(3000, 'x'))});
  }
  write_file(empty, bytes);
  EXPECT_EQ(text_of(reopened()).substr(0, 19), "term 7 vote 1: 41@7");
}

TEST_F(DiskLogTest, a_snapshot_written_behind_the_work_is_given_back_once_and_survives) {
  raft::SnapshotPtr snapshot = std::make_shared<const raft::Snapshot>(
      raft::Snapshot{{Term{1}, Index{2}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"});
  {
    auto log = open();
    append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
    EXPECT_EQ(log.take_written(), nullptr);
    log.begin_writing([&] { return snapshot; });
    raft::SnapshotPtr written;
    while (!written) written = log.take_written();
    EXPECT_EQ(written, snapshot);
    EXPECT_EQ(log.take_written(), nullptr);
  }
  const auto restored = reopened();
  ASSERT_NE(restored.snapshot, nullptr);
  EXPECT_EQ(restored.snapshot->last, snapshot->last);
  EXPECT_EQ(text_of(restored), "term 0 vote 0: 3@1=data");
}

TEST_F(DiskLogTest, an_installed_snapshot_takes_the_place_of_one_being_written) {
  const auto make = [](std::uint64_t last, const char* data) {
    return std::make_shared<const raft::Snapshot>(
        raft::Snapshot{{Term{1}, Index{last}}, {{NodeId{1}}, {}, {}}, Index{0}, data});
  };
  {
    auto log = open();
    append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
    log.begin_writing([&] { return make(2, "own"); });
    log.save(make(9, "installed"), /*keeps_log=*/false);
    EXPECT_EQ(log.take_written(), nullptr);
  }
  EXPECT_EQ(reopened().snapshot->data, "installed");
}

TEST_F(DiskLogTest, a_snapshot_that_cannot_be_written_is_not_passed_over) {
  auto log = open();
  append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
  fs::create_directories(directory_ / "snapshot-0000000000000002" / "in the way");
  log.begin_writing([] {
    return std::make_shared<const raft::Snapshot>(
        raft::Snapshot{{Term{1}, Index{2}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"});
  });
  EXPECT_THROW(
      {
        while (!log.take_written()) continue;
      },
      std::exception);
}

TEST_F(DiskLogTest, an_installed_snapshot_drops_a_conflicting_log_for_ever) {
  const auto snapshot = std::make_shared<const raft::Snapshot>(
      raft::Snapshot{{Term{2}, Index{2}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"});
  {
    auto log = open();
    append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
    log.save(snapshot, /*keeps_log=*/false);
    append(log, {entry(2, 3, "new")});
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 3@2=new");
}

TEST_F(DiskLogTest, a_crash_between_snapshot_and_forgetting_is_made_good) {
  const raft::Snapshot snapshot{{Term{2}, Index{2}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"};
  {
    auto log = open();
    append(log, {entry(1, 1), entry(1, 2), entry(1, 3)});
    // Only the file got there.
    std::ofstream(directory_ / "snapshot-0000000000000002", std::ios::binary) << encode(snapshot);
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0:");
  {
    auto log = open();
    append(log, {entry(2, 3, "new")});
  }
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 3@2=new");
}

TEST_F(DiskLogTest, two_nodes_cannot_share_a_folder) {
  const auto log = open();
  EXPECT_THAT(refusal(), HasSubstr("is in use by another process"));
}

/// Batches of one, two and three entries.
std::vector<std::string> states_of_a_small_log(DiskLog& log) {
  std::vector<std::string> states{"term 0 vote 0:"};
  log.save(raft::HardState{Term{1}, NodeId{1}});
  append(log, {entry(1, 1, "a")});
  states.push_back("term 1 vote 1: 1@1=a");
  append(log, {entry(1, 2, "b"), entry(1, 3, "c")});
  states.push_back("term 1 vote 1: 1@1=a 2@1=b 3@1=c");
  log.save(raft::HardState{Term{2}, std::nullopt});
  append(log, {entry(2, 3, "d"), entry(2, 4, "e")});
  states.push_back("term 2 vote 0: 1@1=a 2@1=b 3@2=d 4@2=e");
  return states;
}

TEST_F(DiskLogTest, every_prefix_recovers_to_a_synced_state) {
  std::vector<std::string> states;
  {
    auto log = open();
    states = states_of_a_small_log(log);
  }
  const auto path = newest_segment();
  const auto whole = read_file(path);
  const auto used = whole.find_last_not_of('\0') + 1;
  std::size_t reached = 0;
  for (std::size_t length = log_format::segment_header_bytes; length <= used; ++length) {
    write_file(path, whole.substr(0, length));
    const auto state = text_of(reopened());
    const auto found = std::find(states.begin(), states.end(), state);
    ASSERT_NE(found, states.end()) << "prefix of " << length << " bytes gives " << state;
    const auto at = static_cast<std::size_t>(found - states.begin());
    ASSERT_GE(at, reached) << "a longer prefix remembers less";
    reached = at;
  }
  EXPECT_EQ(reached, states.size() - 1);
}

/// As a power loss leaves it that comes right after the last sync.
std::string without_mark(std::string bytes) {
  const auto mark = bytes.rfind("BTCH");
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(mark), bytes.end(), '\0');
  return bytes;
}

TEST_F(DiskLogTest, a_torn_batch_is_cut_and_never_believed_later) {
  {
    auto log = open();
    states_of_a_small_log(log);
  }
  const auto path = newest_segment();
  auto bytes = without_mark(read_file(path));
  const auto used = bytes.find_last_not_of('\0') + 1;
  // The middle of the last batch did not reach the disk.
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(used) - 30,
            bytes.begin() + static_cast<std::ptrdiff_t>(used) - 20, '\0');
  write_file(path, bytes);
  {
    auto log = open();
    EXPECT_THAT(log.recovery_note(), HasSubstr("cut a torn batch"));
    append(log, {entry(3, 4, "f")});
  }
  EXPECT_EQ(text_of(reopened()), "term 1 vote 1: 1@1=a 2@1=b 3@1=c 4@3=f");
}

/// The state that is recovered with each byte flipped in turn, or "refused".
class FlippedByteTest : public DiskLogTest {
 protected:
  FlippedByteTest() {
    auto log = open();
    states_ = states_of_a_small_log(log);
  }

  std::vector<std::string> recovered_from(const std::string& whole) const {
    std::vector<std::string> recovered;
    const auto used = whole.find_last_not_of('\0') + 1;
    for (std::size_t at = 0; at < used; ++at) {
      auto bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
      write_file(newest_segment(), bytes);
      try {
        recovered.push_back(text_of(reopened()));
      } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("damaged at byte"));
        recovered.emplace_back("refused");
      }
    }
    return recovered;
  }

  std::vector<std::string> states_;
};

TEST_F(FlippedByteTest, is_refused_also_in_the_last_synced_batch) {
  const auto whole = read_file(newest_segment());
  const auto mark = whole.rfind("BTCH");
  const auto recovered = recovered_from(whole);
  for (std::size_t at = 0; at < recovered.size(); ++at) {
    EXPECT_EQ(recovered[at], at < mark ? "refused" : states_.back()) << "byte " << at;
  }
}

TEST_F(FlippedByteTest, cuts_only_the_last_batch_if_its_mark_was_lost_with_the_power) {
  const auto whole = without_mark(read_file(newest_segment()));
  const auto last_batch = whole.rfind("BTCH");
  const auto recovered = recovered_from(whole);
  for (std::size_t at = 0; at < recovered.size(); ++at) {
    EXPECT_EQ(recovered[at], at < last_batch ? "refused" : states_[2]) << "byte " << at;
  }
}

/// Two batches that no sync covers, and the first of them is torn: the disk wrote the pages in
/// another order. Nothing in them was acknowledged.
TEST_F(DiskLogTest, a_later_batch_that_was_not_synced_either_is_no_damage) {
  {
    auto log = open();
    append(log, {entry(1, 1)});
    for (std::uint64_t index = 2; index <= 3; ++index) {
      log.append({entry(1, index)});
      log.write();
    }
  }
  const auto path = newest_segment();
  auto bytes = read_file(path);
  const auto second = bytes.rfind("BTCH", bytes.rfind("BTCH") - 1);
  bytes[second] = '\0';
  write_file(path, bytes);
  EXPECT_EQ(text_of(reopened()), "term 0 vote 0: 1@1=data");
}

TEST_F(DiskLogTest, damage_in_an_earlier_segment_is_refused_with_its_place) {
  {
    auto log = open();
    for (std::uint64_t index = 1; index <= 200; ++index) append(log, {entry(1, index)});
  }
  const auto path = directory_ / "log-0000000000000002";
  auto bytes = read_file(path);
  bytes[bytes.find_last_not_of('\0')] ^= 1;
  write_file(path, bytes);
  EXPECT_THAT(refusal(), HasSubstr("log-0000000000000002: damaged at byte"));
  fs::remove(path);
  EXPECT_THAT(refusal(), HasSubstr("log-0000000000000002 is missing"));
}

TEST_F(DiskLogTest, a_damaged_snapshot_is_refused) {
  {
    auto log = open();
    append(log, {entry(1, 1)});
    log.save(std::make_shared<const raft::Snapshot>(
                 raft::Snapshot{{Term{1}, Index{1}}, {{NodeId{1}}, {}, {}}, Index{0}, "state"}),
             true);
  }
  const auto path = directory_ / "snapshot-0000000000000001";
  const auto whole = read_file(path);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    write_file(path, bytes);
    EXPECT_THAT(refusal(), HasSubstr("snapshot-0000000000000001")) << "byte " << at;
  }
}

TEST_F(DiskLogTest, a_folder_that_cannot_be_written_is_named) {
  write_file(directory_ / "file", "");
  try {
    const DiskLog log(directory_ / "file" / "data");
    FAIL() << "opened";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("file"));
  }
}

}  // namespace
}  // namespace sunder
