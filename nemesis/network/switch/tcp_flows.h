#pragma once
// What two ports of the switch said to each other over TCP: the sequence numbers that a reset needs
// so that both ends accept it. A flow that was torn stays so: each later segment of it is answered
// by a reset, until a new connection takes its place. Memory is bounded: of many flows, those that
// were silent the longest are forgotten; a forgotten one is reset when it speaks on a cut link.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "nemesis/network/switch/packet.h"

namespace sunder::nemesis {

/// One of the two ports.
enum class Side { first, second };

inline Side other(Side side) {
  return side == Side::first ? Side::second : Side::first;
}

struct TcpEnd {
  std::uint32_t address = 0;
  std::uint16_t port = 0;
  auto operator<=>(const TcpEnd&) const = default;
};

/// A segment with RST, as if `from` had sent it.
struct TcpReset {
  /// The side that gets it.
  Side receiver = Side::first;
  TcpEnd from;
  TcpEnd to;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledged = 0;
};

class TcpFlows {
 public:
  explicit TcpFlows(std::size_t most_flows = 4'096) : most_flows_(most_flows) {}

  /// `sender` sent it. Returns the answer to a segment of a torn flow, which must be lost.
  std::optional<TcpReset> sent(Side sender, const Ipv4Packet& packet, const TcpSegment& segment);
  /// The other side gets it now.
  void delivered(Side sender, const Ipv4Packet& packet, const TcpSegment& segment);

  /// Tears the flow of the segment, which `sender` sent. Nothing for a reset, and for a flow that
  /// is torn already.
  std::vector<TcpReset> tear(Side sender, const Ipv4Packet& packet, const TcpSegment& segment);
  /// Tears every flow.
  std::vector<TcpReset> tear_all();

 private:
  // By side.
  using Key = std::array<TcpEnd, 2>;

  struct End {
    // After the last byte that this end sent.
    std::optional<std::uint32_t> next;
    // What it expects next, by its own last segment.
    std::optional<std::uint32_t> expects;
    // After the last byte that it was given.
    std::optional<std::uint32_t> given;
    bool has_finished = false;
  };
  struct Flow {
    std::array<End, 2> ends;
    bool is_torn = false;
  };
  using Flows = std::map<Key, Flow>;

  Flow& at(const Key& key);
  static Key key_of(Side sender, const Ipv4Packet& packet, const TcpSegment& segment);
  static void tear(const Key& key, Flow& flow, std::vector<TcpReset>& resets);

  std::size_t most_flows_;
  // Flows move from the second to the first when they speak. When the first is full, it becomes the
  // second, and what is left there is forgotten.
  Flows recent_;
  Flows silent_;
};

}  // namespace sunder::nemesis
