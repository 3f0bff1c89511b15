#pragma once
// Faults of single messages: what may become of a message on its way, how often, and on which
// links. On byte links only `delay` and `throttle` have a meaning: a stream has no messages to
// lose.

#include <cstdint>
#include <set>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/network/frames.h"
#include "nemesis/node_number.h"
#include "nemesis/schedule/duration.h"

namespace sunder::nemesis {

class JsonObject;

enum class MessageEffect {
  drop,
  delay,      ///< Later, in the order sent: the link is slow.
  duplicate,  ///< Once now and once more, up to `delay` later.
  reorder,    ///< Up to `delay` later, overtaken by those behind it.
  throttle,   ///< The link carries `bytes_per_second`.
  corrupt,    ///< One byte of the payload is changed: the receiver's checksum must notice.
};

enum class DelayShape {
  fixed,
  jitter,      ///< Between nothing and twice the delay.
  heavy_tail,  ///< Mostly shorter, at times up to 50 times as long (Pareto).
};

/// Seen from the targets.
enum class Direction { out, in, both };

struct MessageFault {
  MessageEffect effect = MessageEffect::drop;
  /// Of each message.
  double probability = 1;
  /// Empty: messages of every type.
  std::vector<FrameType> types;
  Direction direction = Direction::both;
  Duration delay{0};
  DelayShape shape = DelayShape::fixed;
  std::int64_t bytes_per_second = 0;
  bool operator==(const MessageFault&) const = default;
};

/// The links between the targets and all other nodes in the fault's direction, and those among the
/// targets.
std::set<Link> links_of(Direction direction, int node_count,
                        const std::vector<NodeNumber>& targets);

/// Writes and reads the members that the effect has.
void write_json(nlohmann::ordered_json& json, const MessageFault& fault);
MessageFault read_message_fault(MessageEffect effect, JsonObject& object);

const EnumNames<MessageEffect>& message_effect_names();
const EnumNames<DelayShape>& delay_shape_names();
const EnumNames<Direction>& direction_names();

}  // namespace sunder::nemesis
