#pragma once
// Raft messages as frames.

#include <string>
#include <string_view>

#include "node/api/frame.h"
#include "node/raft/message.h"

namespace sunder {

std::string encode_message(const raft::Message& message);

/// Of a verified payload. Throws std::runtime_error if it is not a message of the header's type.
raft::Message decode_message(const FrameHeader& header, std::string_view payload);

}  // namespace sunder
