#pragma once
// The contents of one file over a file on the real disk, which holds exactly what was synced. What
// was written since then is in memory only: reads see it, a power loss forgets it.
// The surprise: after a failed sync the bytes are still read back, and no later sync writes them.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "nemesis/disk/extents.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis::disk {

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
  /// As on Linux: the pages count as clean and are not written, now or ever.
  void fail_sync();

  /// Returns how many bytes were not durable.
  std::uint64_t forget();
  /// Makes durable what was written but for the end of the last write, cut at a random byte.
  /// Returns how many bytes were lost.
  std::uint64_t tear(Random& random);

  /// The file has got its final name: whatever is in it was finished by whoever wrote it.
  void finish() { is_finished_ = true; }
  /// A durable byte whose damage a careful program can notice: it is not zero, and not of the last
  /// synced write unless something was written behind it since. Else its damage looks as if a power
  /// loss had torn the write.
  std::optional<std::uint64_t> draw_settled_byte(Random& random) const;
  /// Of a durable byte, on the disk itself.
  void flip(std::uint64_t offset, std::uint8_t bits);

 private:
  struct Write {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t file_size_before;
  };

  bool is_cut() const { return kept_ < durable_size_; }
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
};

}  // namespace sunder::nemesis::disk
