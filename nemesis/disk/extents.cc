#include "nemesis/disk/extents.h"

#include <algorithm>
#include <utility>

namespace sunder::nemesis::disk {
namespace {

// A part that is written at its end again and again grows up to here, so that splitting stays
// cheap.
constexpr std::size_t largest_part_bytes = 1 << 20;

}  // namespace

void Extents::put(std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  erase(offset, offset + bytes.size());
  auto next = parts_.lower_bound(offset);
  if (next != parts_.begin()) {
    auto& [start, part] = *std::prev(next);
    if (start + part.size() == offset && part.size() + bytes.size() <= largest_part_bytes) {
      part.append(bytes);
      return;
    }
  }
  parts_.emplace_hint(next, offset, bytes);
}

void Extents::take(Extents& other) {
  for (const auto& [offset, bytes] : other.parts_) put(offset, bytes);
  other.clear();
}

void Extents::erase(std::uint64_t from, std::uint64_t to) {
  if (from >= to) return;
  auto part = parts_.lower_bound(from);
  if (part != parts_.begin()) {
    auto& [start, bytes] = *std::prev(part);
    const std::uint64_t end = start + bytes.size();
    if (end > to) parts_.emplace(to, bytes.substr(to - start));
    if (end > from) bytes.resize(from - start);
  }
  while (part != parts_.end() && part->first < to) {
    const std::uint64_t end = part->first + part->second.size();
    if (end > to) parts_.emplace(to, part->second.substr(to - part->first));
    part = parts_.erase(part);
  }
}

void Extents::lay_over(std::uint64_t offset, std::span<char> buffer) const {
  const std::uint64_t end = offset + buffer.size();
  auto part = parts_.upper_bound(offset);
  if (part != parts_.begin()) --part;
  for (; part != parts_.end() && part->first < end; ++part) {
    const std::uint64_t from = std::max(offset, part->first);
    const std::uint64_t to = std::min(end, part->first + part->second.size());
    if (from >= to) continue;
    part->second.copy(buffer.data() + (from - offset), to - from, from - part->first);
  }
}

std::uint64_t Extents::size_bytes() const {
  std::uint64_t size = 0;
  for (const auto& [offset, bytes] : parts_) size += bytes.size();
  return size;
}

}  // namespace sunder::nemesis::disk
