#pragma once
// A store that can be told, one line at a time, to lose power or to fail:
//
//   forget | tear SEED | empty         what is not synced is lost, at times all but a torn write;
//                                      with "keeping names" behind it, not what the journal holds
//   write-back                         what is not synced becomes durable
//   fail-sync | full | full-midway     the next sync of unsynced bytes fails, once; no write finds
//                                      room, nor does a new file; the same from within a write on
//   slow MS | slow-sync MS             each write and each sync, or only that, takes so much longer
//   flip SEED | truncate SEED | lost-write SEED | copy SEED FOLDER      damage at rest
//                                      (to sunder, the name of a node stands for its folder)
//   heal                               none of this any more; damage is repaired if it still can be
//
// Each is answered by one JSON object; a "note" in it says why nothing was damaged.

#include <chrono>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "nemesis/disk/unsynced_store.h"

namespace sunder::nemesis::disk {

class FaultyDisk {
 public:
  explicit FaultyDisk(UnsyncedStore& store) : store_(store) {}

  /// An order that is none is answered with {"error":...}.
  nlohmann::ordered_json obey(std::string_view order);

  /// Before anything that needs room. Throws ENOSPC if the disk is full.
  void require_room();
  /// How many of the bytes of a write find room, at least one. Throws ENOSPC if none does.
  std::size_t room_for(std::size_t bytes);
  bool is_full() const { return is_full_; }
  /// A sync that may fail with EIO.
  void sync(Inode inode, Sync how = Sync::all);
  /// How much longer a write or a sync takes.
  enum class Request { write, sync };
  std::chrono::milliseconds delay(Request request);

 private:
  nlohmann::ordered_json set_trouble(std::string_view order);
  nlohmann::ordered_json damage(std::string_view order, std::uint64_t seed);
  nlohmann::ordered_json account_of(const std::optional<DamagedFile>& damaged,
                                    std::string_view why_not);
  nlohmann::ordered_json lose_power(const Lost& lost);
  nlohmann::ordered_json flip(std::uint64_t seed);
  nlohmann::ordered_json heal();

  UnsyncedStore& store_;
  bool fails_next_sync_ = false;
  bool is_full_ = false;
  /// The next write fills the disk.
  bool is_nearly_full_ = false;
  std::chrono::milliseconds delay_{0};
  bool only_syncs_are_slow_ = false;
  std::optional<Flip> flip_;
  std::optional<DamagedFile> damaged_;
  /// The power was lost, and no sync of a file has completed since.
  bool may_be_torn_ = false;
  std::uint64_t failed_syncs_ = 0;
  std::uint64_t refused_writes_ = 0;
  std::uint64_t delayed_ = 0;
};

}  // namespace sunder::nemesis::disk
