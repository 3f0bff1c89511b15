#include "node/api/frame.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "node/api/bytes.h"
#include "node/api/crc32c.h"

namespace sunder {
namespace {

constexpr std::string_view frame_magic = "SNDR";
constexpr std::uint8_t version = 1;

/// Bytes 12..15.
std::string tail_of_header(FrameType type, NodeId from, NodeId to) {
  std::string tail;
  ByteWriter out(tail);
  out.number(static_cast<std::uint8_t>(type));
  out.number(version);
  out.number(static_cast<std::uint8_t>(from.value));
  out.number(static_cast<std::uint8_t>(to.value));
  return tail;
}

std::string too_large(std::size_t payload_bytes) {
  return fmt::format("a frame of {} bytes; at most {} are allowed", payload_bytes,
                     max_frame_payload_bytes);
}

}  // namespace

std::string make_frame(FrameType type, NodeId from, NodeId to, std::string_view payload) {
  if (payload.size() > max_frame_payload_bytes) {
    throw std::length_error(too_large(payload.size()));
  }
  const auto tail = tail_of_header(type, from, to);
  std::string frame;
  frame.reserve(frame_header_bytes + payload.size());
  ByteWriter out(frame);
  out.raw(frame_magic);
  out.number(static_cast<std::uint32_t>(payload.size()));
  out.number(crc32c({tail, payload}));
  out.raw(tail);
  out.raw(payload);
  return frame;
}

void expect_frame_magic(std::string_view bytes) {
  const auto size = std::min(bytes.size(), frame_magic.size());
  if (bytes.substr(0, size) != frame_magic.substr(0, size)) {
    throw std::runtime_error("something that is not a frame");
  }
}

FrameHeader parse_frame_header(std::string_view bytes) {
  expect_frame_magic(bytes);
  ByteReader in(bytes);
  in.raw(frame_magic.size());
  FrameHeader header;
  header.payload_bytes = in.number<std::uint32_t>();
  header.checksum = in.number<std::uint32_t>();
  header.type = static_cast<FrameType>(in.number<std::uint8_t>());
  if (const auto theirs = in.number<std::uint8_t>(); theirs != version) {
    throw std::runtime_error(fmt::format("a frame of version {}", theirs));
  }
  header.from = NodeId{in.number<std::uint8_t>()};
  header.to = NodeId{in.number<std::uint8_t>()};
  if (header.payload_bytes > max_frame_payload_bytes) {
    throw std::runtime_error(too_large(header.payload_bytes));
  }
  return header;
}

void verify_payload(const FrameHeader& header, std::string_view payload) {
  if (crc32c({tail_of_header(header.type, header.from, header.to), payload}) != header.checksum) {
    throw std::runtime_error("a frame with a wrong checksum");
  }
}

}  // namespace sunder
