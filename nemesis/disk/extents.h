#pragma once
// Bytes at offsets of a file, where nothing stands between them: what was written to it and is not
// on the disk yet. No two parts overlap.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace sunder::nemesis::disk {

class Extents {
 public:
  using Parts = std::map<std::uint64_t, std::string>;

  /// What stood there before is replaced.
  void put(std::uint64_t offset, std::string_view bytes);
  /// All of the other's parts replace what stands here; the other is empty then.
  void take(Extents& other);
  void erase(std::uint64_t from, std::uint64_t to);
  void clear() { parts_.clear(); }

  /// Writes what is known of [offset, offset + size) over the buffer and leaves the rest of it.
  void lay_over(std::uint64_t offset, std::span<char> buffer) const;

  bool empty() const { return parts_.empty(); }
  std::uint64_t size_bytes() const;
  const Parts& parts() const { return parts_; }

 private:
  Parts parts_;
};

}  // namespace sunder::nemesis::disk
