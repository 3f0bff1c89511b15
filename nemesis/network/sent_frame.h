#pragma once
// The messages that tell a watcher of the wire what goes on: those that only a leader sends, with
// the entries that go with them, and the answers it gets. Behind the term, a payload of
// append_entries is, little endian:
//
//   u64 previous term | u64 previous index | u64 commit index | u64 round | u32 count
//   then count times: u64 term | u8 type | u32 size | data
//
// and one of append_reply begins with: u8 accepted | u64 index

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "nemesis/network/frames.h"
#include "nemesis/node_number.h"

namespace sunder::nemesis {

struct SentFrame {
  struct Entry {
    std::uint64_t term = 0;
    std::uint8_t type = 0;
    /// Valid only during the call that hands it over.
    std::string_view data;
    bool operator==(const Entry&) const = default;
  };

  Link link;
  FrameType type{};
  std::uint64_t term = 0;
  /// Where the first entry stands, and the term of the one before it.
  std::uint64_t first = 0;
  std::uint64_t previous_term = 0;
  /// Empty in a heartbeat, and in frames of other types than append_entries.
  std::vector<Entry> entries;
  /// Only of an append_reply that accepts: the log is the leader's up to there.
  std::optional<std::uint64_t> acknowledged = {};
};

/// Told of each such frame when it is complete, also if it is dropped: it was sent. What this does
/// to the link is done to the frame already, unless a first part of it is on its way.
using WatchFrames = std::function<void(const SentFrame&)>;

bool only_a_leader_sends(FrameType type);

/// Whether frames of the type are told.
bool is_watched(FrameType type);

/// `frame` is whole, header included. Empty if its payload is not what the header says.
std::optional<SentFrame> parse_sent_frame(Link link, const FrameHeader& header,
                                          std::string_view frame);

}  // namespace sunder::nemesis
