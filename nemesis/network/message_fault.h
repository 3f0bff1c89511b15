#pragma once
// What a fault does to single messages on a link, and how often. On byte links only `delay` and
// `throttle` have an effect: a byte stream has no messages to lose.

#include <cstdint>
#include <vector>

#include "nemesis/network/direction.h"
#include "nemesis/network/frames.h"
#include "node/api/duration.h"

namespace sunder::nemesis {

enum class MessageEffect {
  drop,
  delay,      ///< The message is late, and so are those behind it: they keep their order.
  duplicate,  ///< The message arrives now and once more, up to `delay` later.
  reorder,    ///< The message is up to `delay` late; those behind it overtake it.
  throttle,   ///< The link carries `bytes_per_second`.
  corrupt,    ///< One byte of the payload is changed: the receiver's checksum must detect it.
};

enum class DelayShape {
  fixed,
  jitter,      ///< Uniform between 0 and twice the delay.
  heavy_tail,  ///< Mostly shorter, at times up to 50 times as long (Pareto).
};

struct MessageFault {
  MessageEffect effect = MessageEffect::drop;
  /// That a message is affected.
  double probability = 1;
  /// Empty: messages of every type.
  std::vector<FrameType> types = {};
  Direction direction = Direction::both;
  Duration delay{0};
  DelayShape shape = DelayShape::fixed;
  std::int64_t bytes_per_second = 0;
  OtherEnd other_end = OtherEnd::nodes;
  bool operator==(const MessageFault&) const = default;
};

}  // namespace sunder::nemesis
