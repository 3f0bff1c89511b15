#pragma once
// Frames from node 1 to node 2 for tests.

#include <string>
#include <string_view>

#include "node/api/frame.h"

namespace sunder::nemesis {

inline std::string test_frame(FrameType type, std::string_view payload) {
  return make_frame(type, NodeId{1}, NodeId{2}, payload);
}

}  // namespace sunder::nemesis
