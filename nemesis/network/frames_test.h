#pragma once
// Frames for tests: right in all that the proxy looks at.

#include <string>

#include "nemesis/network/frames.h"

namespace sunder::nemesis {

inline std::string test_frame(FrameType type, const std::string& payload) {
  std::string frame = "SNDR";
  const auto size = static_cast<std::uint32_t>(payload.size());
  for (int shift = 0; shift < 32; shift += 8) frame += static_cast<char>(size >> shift & 0xff);
  frame += std::string(4, '\0');  // The checksum, which the proxy does not verify.
  frame += static_cast<char>(type);
  frame += std::string("\x01\x01\x02", 3);
  return frame + payload;
}

}  // namespace sunder::nemesis
