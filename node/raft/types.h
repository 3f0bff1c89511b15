#pragma once
// The types of the Raft core: entries and their positions, the durable term and vote, time.
// An entry is immutable, so the log, messages and the disk share one copy of it.

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/api/trace.h"
#include "node/api/types.h"

namespace sunder::raft {

/// The caller's monotonic clock. Only differences matter.
using Time = std::chrono::nanoseconds;

/// The position of an entry. Positions are ordered as §5.4.1 compares logs: by term, then by index.
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

std::vector<trace::EntryDigest> digests_of(std::span<const EntryPtr> entries);

enum class Role { follower, pre_candidate, candidate, leader };

/// Must be durable before any message of the term leaves (§5.1, §5.2, thesis 3.8). A server that
/// forgot it could vote twice in a term.
struct HardState {
  Term term;
  std::optional<NodeId> voted_for;
  bool operator==(const HardState&) const = default;
};

}  // namespace sunder::raft
