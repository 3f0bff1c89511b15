#pragma once
// What only a leader sends, read from the wire: who claims to lead which term, and the entries that
// go with it. Behind the term, a payload of append_entries is, little endian:
//
//   u64 previous term | u64 previous index | u64 commit index | u64 round | u32 count
//   then count times: u64 term | u8 type | u32 size | data

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "nemesis/frames.h"
#include "nemesis/node_number.h"

namespace sunder::nemesis {

struct LeaderFrame {
  struct Entry {
    std::uint64_t term = 0;
    std::uint8_t type = 0;
    /// Valid only during the call that hands it over.
    std::string_view data;
    bool operator==(const Entry&) const = default;
  };

  Link link;
  std::uint64_t term = 0;
  /// Where the first entry stands, and the term of the one before it.
  std::uint64_t first = 0;
  std::uint64_t previous_term = 0;
  /// Empty in a heartbeat, and in frames of other types.
  std::vector<Entry> entries;
};

/// Told of each such frame when it is complete, also if it is dropped afterwards: it was sent.
using WatchLeaders = std::function<void(const LeaderFrame&)>;

bool only_a_leader_sends(FrameType type);

/// `frame` is whole, header included. Empty if its payload is not what the header says.
std::optional<LeaderFrame> parse_leader_frame(Link link, const FrameHeader& header,
                                              std::string_view frame);

}  // namespace sunder::nemesis
