#pragma once
// The envelope of everything that nodes send each other, little endian:
//
//   bytes  0..3   magic "SNDR"
//          4..7   payload length
//          8..11  CRC-32C of bytes 12..15 and the payload
//         12      type (FrameType)     13  version, 1
//         14      from (node)          15  to (node)
//         16..    payload; its first eight bytes are the sender's term, in every type
//
// A proxy can tell frames apart, and drop one, without knowing what is in them.

#include <cstdint>
#include <string>
#include <string_view>

#include "node/api/types.h"

namespace sunder {

constexpr std::size_t frame_header_bytes = 16;
constexpr std::size_t max_frame_payload_bytes = 16 << 20;

enum class FrameType : std::uint8_t {
  request_vote = 1,
  vote_reply = 2,
  append_entries = 3,
  append_reply = 4,
  install_snapshot = 5,
  snapshot_reply = 6,
  timeout_now = 7,
  hello = 8,  ///< The first one on a link; says who dialled.
  pre_vote = 9,
  pre_vote_reply = 10,
};

struct FrameHeader {
  std::uint32_t payload_bytes = 0;
  std::uint32_t checksum = 0;
  FrameType type{};
  NodeId from;
  NodeId to;
};

std::string make_frame(FrameType type, NodeId from, NodeId to, std::string_view payload);

/// Throws std::runtime_error if bytes that begin so cannot become a frame, however few there are
/// yet.
void expect_frame_magic(std::string_view bytes);
/// Of at least frame_header_bytes bytes. Throws std::runtime_error saying what is wrong with them.
FrameHeader parse_frame_header(std::string_view bytes);
/// Throws std::runtime_error if the payload is not what the header promised.
void verify_payload(const FrameHeader& header, std::string_view payload);

}  // namespace sunder
