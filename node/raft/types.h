#pragma once
// The nouns of the Raft core: entries and their positions, the durable term and vote, time.
// An entry never changes once made, so the log, messages and the disk share one copy of it.

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/api/trace.h"
#include "node/api/types.h"

namespace sunder::raft {

/// On a monotonic clock of the caller's; only differences matter.
using Time = std::chrono::nanoseconds;

/// Where an entry stands. Positions order as §5.4.1 compares logs: the later term, then the longer.
struct LogPosition {
  Term term;
  Index index;
  auto operator<=>(const LogPosition&) const = default;
};

enum class EntryType : std::uint8_t { noop = 1, command = 2, configuration = 3 };

struct Entry {
  LogPosition position;
  EntryType type = EntryType::noop;
  std::string data;
  /// Of type and data.
  trace::Digest digest = 0;
};
using EntryPtr = std::shared_ptr<const Entry>;

EntryPtr make_entry(LogPosition position, EntryType type, std::string data);

std::vector<trace::EntryDigest> digests_of(const std::vector<EntryPtr>& entries);

enum class Role { follower, pre_candidate, candidate, leader };

/// What a node must never forget (§5.1, §5.2).
struct HardState {
  Term term;
  std::optional<NodeId> voted_for;
  bool operator==(const HardState&) const = default;
};

}  // namespace sunder::raft
