#pragma once
// The frames that the project's own nodes send each other, as far as a proxy needs to know them: a
// fixed header of 16 bytes, little endian, then the payload, whose first 8 bytes are the term.
//
//   "SNDR" | u32 payload length | u32 crc32c | u8 type | u8 version | u8 from | u8 to

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

/// How the traffic of a link is to be understood.
enum class Framing {
  frames,
  bytes,  ///< Some other system's streams.
};

enum class FrameType : std::uint8_t {
  request_vote = 1,
  vote_reply = 2,
  append_entries = 3,
  append_reply = 4,
  install_snapshot = 5,
  snapshot_reply = 6,
  timeout_now = 7,
  hello = 8,
  pre_vote = 9,
  pre_vote_reply = 10,
};

const EnumNames<FrameType>& frame_type_names();

struct FrameHeader {
  std::uint32_t payload_bytes = 0;
  std::uint32_t crc32c = 0;
  /// May be a type that is not listed above.
  FrameType type{};
  std::uint8_t version = 0;
  std::uint8_t from = 0;
  std::uint8_t to = 0;
  /// The sender's term, from the payload; empty if that has no 8 bytes.
  std::optional<std::uint64_t> term = {};
};

constexpr std::size_t frame_header_bytes = 16;

/// A header that announces more is taken for garbage.
constexpr std::size_t largest_payload_bytes = std::size_t{256} << 20;

constexpr std::size_t term_bytes = 8;

/// All but the term. Empty if the bytes are no header.
std::optional<FrameHeader> parse_frame_header(std::span<const char, frame_header_bytes> bytes);

/// From the first bytes of a payload.
std::uint64_t parse_term(std::span<const char, term_bytes> payload);

}  // namespace sunder::nemesis
