#pragma once
// A store that can be told, one line at a time, to lose power or to fail:
//
//   forget | tear SEED | empty         what is not synced is lost, at times all but a torn write
//   fail-sync                          the next sync of unsynced bytes fails, once
//   full                               no write finds room, nor does a new file
//   slow MILLISECONDS                  each write and each sync takes so much longer
//   flip SEED                          one byte is damaged
//   heal                               none of this any more; a damaged byte is what it was
//
// Each is answered by one JSON object that says what it has done. As on a disk that copies on
// write, "full" refuses to write over old bytes too.

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
  /// A sync that may fail with EIO.
  void sync(Inode inode);
  /// How much longer a write or a sync takes.
  std::chrono::milliseconds delay();

 private:
  nlohmann::ordered_json lose_power(const Lost& lost);
  nlohmann::ordered_json flip(std::uint64_t seed);
  nlohmann::ordered_json heal();

  UnsyncedStore& store_;
  bool fails_next_sync_ = false;
  bool is_full_ = false;
  std::chrono::milliseconds delay_{0};
  std::optional<Flip> flip_;
  /// The power was lost, and no sync of a file has completed since.
  bool may_be_torn_ = false;
  std::uint64_t failed_syncs_ = 0;
  std::uint64_t refused_writes_ = 0;
  std::uint64_t delayed_ = 0;
};

}  // namespace sunder::nemesis::disk
