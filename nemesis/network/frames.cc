#include "nemesis/network/frames.h"

#include <cstring>

namespace sunder::nemesis {
namespace {

template <class Number>
Number little_endian(const char* bytes) {
  Number number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[i]));
  }
  return number;
}

}  // namespace

const EnumNames<FrameType>& frame_type_names() {
  static const EnumNames<FrameType> names{{FrameType::request_vote, "request_vote"},
                                          {FrameType::vote_reply, "vote_reply"},
                                          {FrameType::append_entries, "append_entries"},
                                          {FrameType::append_reply, "append_reply"},
                                          {FrameType::install_snapshot, "install_snapshot"},
                                          {FrameType::snapshot_reply, "snapshot_reply"},
                                          {FrameType::timeout_now, "timeout_now"},
                                          {FrameType::hello, "hello"},
                                          {FrameType::pre_vote, "pre_vote"},
                                          {FrameType::pre_vote_reply, "pre_vote_reply"}};
  return names;
}

std::optional<FrameHeader> parse_frame_header(std::span<const char, frame_header_bytes> bytes) {
  if (std::memcmp(bytes.data(), "SNDR", 4) != 0) return std::nullopt;
  FrameHeader header;
  header.payload_bytes = little_endian<std::uint32_t>(bytes.data() + 4);
  if (header.payload_bytes > largest_payload_bytes) return std::nullopt;
  header.crc32c = little_endian<std::uint32_t>(bytes.data() + 8);
  header.type = static_cast<FrameType>(bytes[12]);
  header.version = static_cast<std::uint8_t>(bytes[13]);
  header.from = static_cast<std::uint8_t>(bytes[14]);
  header.to = static_cast<std::uint8_t>(bytes[15]);
  return header;
}

std::uint64_t parse_term(std::span<const char, term_bytes> payload) {
  return little_endian<std::uint64_t>(payload.data());
}

}  // namespace sunder::nemesis
