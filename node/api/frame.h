#pragma once
// The envelope of every message between nodes, and all that a proxy needs to know of it. Little
// endian:
//
//   bytes  0..3   magic "SNDR"
//          4..7   payload length, at most max_frame_payload_bytes
//          8..11  CRC-32C of bytes 12..15 and the payload
//         12      type (FrameType)     13  version, 1
//         14      from (node)          15  to (node)
//         16..    payload, see message_fields.h

#include <cstdint>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder {

constexpr std::size_t frame_header_bytes = 16;
/// The sender never makes a larger one, and every reader refuses it before reading the payload.
constexpr std::size_t max_frame_payload_bytes = std::size_t{16} << 20;

enum class FrameType : std::uint8_t {
  request_vote = 1,
  vote_reply = 2,
  append_entries = 3,
  append_reply = 4,
  install_snapshot = 5,
  snapshot_reply = 6,
  timeout_now = 7,
  hello = 8,  ///< The first frame on a connection; names the node that dialed.
  pre_vote = 9,
  pre_vote_reply = 10,
};

struct FrameHeader {
  std::uint32_t payload_bytes = 0;
  std::uint32_t checksum = 0;
  /// May be a type that is not listed above.
  FrameType type{};
  NodeId from;
  NodeId to;
};

/// Throws std::length_error if the payload is larger than max_frame_payload_bytes.
std::string make_frame(FrameType type, NodeId from, NodeId to, std::string_view payload);

/// Throws std::runtime_error if no frame begins with these bytes. They may be fewer than a header.
void expect_frame_magic(std::string_view bytes);
/// Reads the first frame_header_bytes of `bytes`. Throws std::runtime_error that names the mistake:
/// wrong magic, another version, too large a payload, too few bytes.
FrameHeader parse_frame_header(std::string_view bytes);
/// Throws std::runtime_error if the checksum is wrong.
void verify_payload(const FrameHeader& header, std::string_view payload);

}  // namespace sunder
