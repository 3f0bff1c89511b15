#pragma once
// The contents of one file over a file on the real disk, which holds exactly what was synced. What
// was written since then is in memory only: reads see it, a power loss forgets it.
// The surprise: after a failed sync the bytes are still read back, and no later sync writes them.
// A file system with a journal may make a truncation durable before its file is synced: commit().

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nemesis/disk/extents.h"
#include "nemesis/disk/names.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis::disk {

/// Durable bytes of a file that are not what they were. A tail that is gone has nothing in `is`.
struct Damage {
  std::uint64_t offset = 0;
  std::string was;
  std::string is;
  bool operator==(const Damage&) const = default;
};

class UnsyncedFile {
 public:
  /// Owns the descriptor, which must be open for reading and writing. What is there is durable.
  explicit UnsyncedFile(int descriptor);
  ~UnsyncedFile();
  UnsyncedFile(const UnsyncedFile&) = delete;
  UnsyncedFile& operator=(const UnsyncedFile&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }

  /// Returns how many bytes there were; all but those behind the end.
  std::size_t read(std::uint64_t offset, std::span<char> buffer) const;
  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t size);

  bool is_synced() const { return dirty_.empty() && size_ == durable_size_ && !is_cut(); }
  void sync();
  /// Whether what was written since the last sync changed the size or a block that never was
  /// written: then a sync of the data alone has to write the journal too.
  bool changes_metadata() const { return changes_metadata_; }
  /// As if the kernel had written back what is not synced.
  void write_back() { make_durable(); }
  /// The journal holds the truncation, if there is an unsynced one.
  void commit();
  /// As on Linux: the pages count as clean and are not written, now or ever.
  void fail_sync();

  /// Returns how many bytes were not durable.
  std::uint64_t forget(Names names = Names::lost);
  /// Makes durable what was written but for the end of the last write, cut at a random byte. Where
  /// names are kept, no sector of 512 bytes is cut: disks write it as a whole, and etcd relies on
  /// that. Returns how many bytes were lost.
  std::uint64_t tear(Random& random, Names names = Names::lost);

  /// The file has got its final name: whatever is in it was finished by whoever wrote it.
  void finish() { is_finished_ = true; }
  /// A durable byte whose damage a careful program can notice: it is not zero, and not of the last
  /// synced write unless something was written behind it since. Else its damage looks as if a power
  /// loss had torn the write.
  std::optional<std::uint64_t> draw_settled_byte(Random& random) const;
  /// Of a durable byte, on the disk itself.
  void flip(std::uint64_t offset, std::uint8_t bits);

  // Damage at rest of a file that nobody has open. What was written is durable first, as if the
  // kernel had written it back. Each draws where, damages the disk and returns what it did; nothing
  // if there is nothing to damage.

  /// The last bytes are gone, up to 8 KiB of what is not zero.
  std::optional<Damage> cut_tail(Random& random);
  /// One of the last writes that were synced never reached the disk: what stood there before is
  /// back, zeros where nothing stood.
  std::optional<Damage> lose_write(Random& random);
  /// Bytes of another file stand here.
  std::optional<Damage> replace(std::uint64_t offset, std::string_view bytes);
  /// False, and nothing happens, if the file has changed there since.
  bool repair(const Damage& damage);

 private:
  struct Write {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t file_size_before;
  };

  /// What stood on the disk before a sync wrote there; at most a block.
  struct Replaced {
    std::uint64_t offset;
    std::string bytes;
    std::uint64_t size;
  };

  bool is_cut() const { return kept_ < durable_size_; }
  void remember(std::uint64_t offset, std::string_view bytes);
  void settle();
  std::string durable_bytes(std::uint64_t offset, std::uint64_t size) const;
  void resize_durable(std::uint64_t size);
  void write_durable(std::uint64_t offset, std::string_view bytes) const;
  std::size_t read_durable(std::uint64_t offset, std::span<char> buffer) const;
  void make_durable();
  bool has_written_behind_the_last_sync() const;

  int descriptor_;
  std::uint64_t size_;
  std::uint64_t durable_size_;
  /// Of the durable bytes, those that no unsynced truncation has cut off.
  std::uint64_t kept_;
  Extents dirty_;
  /// Those of a failed sync.
  Extents abandoned_;
  std::optional<Write> last_write_;
  std::uint64_t last_synced_from_ = 0;
  bool is_finished_ = false;
  bool changes_metadata_ = false;
  /// Blocks of 4 KiB that were written and synced once.
  std::vector<bool> written_blocks_;
  /// The size that the journal holds, if it is less than the durable one.
  std::optional<std::uint64_t> committed_cut_;
  /// By the last syncs, the oldest first.
  std::deque<Replaced> replaced_;
};

}  // namespace sunder::nemesis::disk
