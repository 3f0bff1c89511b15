#include "node/raft/types.h"

#include <utility>

namespace sunder::raft {

trace::Digest digest_of(std::uint8_t seed, std::string_view data) {
  std::uint64_t hash = (0xcbf29ce484222325 ^ seed) * 0x100000001b3;
  for (const char c : data) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  return hash ^ (hash >> 33);
}

EntryPtr make_entry(LogPosition position, EntryType type, std::string data) {
  const auto digest = digest_of(static_cast<std::uint8_t>(type), data);
  return std::make_shared<const Entry>(Entry{position, type, std::move(data), digest});
}

std::vector<trace::EntryDigest> digests_of(const std::vector<EntryPtr>& entries) {
  std::vector<trace::EntryDigest> digests;
  digests.reserve(entries.size());
  for (const auto& entry : entries) digests.push_back({entry->position.term, entry->digest});
  return digests;
}

}  // namespace sunder::raft
