#pragma once
// How a carrier reads the traffic of a link, and the names of frame types in schedules.

#include "nemesis/schedule/enum_names.h"
#include "node/api/frame.h"

namespace sunder::nemesis {

enum class Framing {
  frames,   ///< The project's own nodes: node/api/frame.h.
  bytes,    ///< Streams of other systems.
  packets,  ///< Of IP: single messages, whose types are unknown.
};

const EnumNames<FrameType>& frame_type_names();

}  // namespace sunder::nemesis
