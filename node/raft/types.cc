#include "node/raft/types.h"

#include <utility>

namespace sunder::raft {

EntryPtr make_entry(LogPosition position, EntryType type, std::string data) {
  const auto digest = trace::digest_of(static_cast<std::uint8_t>(type), data);
  return std::make_shared<const Entry>(Entry{position, type, std::move(data), digest});
}

std::vector<trace::EntryDigest> digests_of(std::span<const EntryPtr> entries) {
  std::vector<trace::EntryDigest> digests;
  digests.reserve(entries.size());
  for (const auto& entry : entries) digests.push_back({entry->position.term, entry->digest});
  return digests;
}

}  // namespace sunder::raft
