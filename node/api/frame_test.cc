#include "node/api/frame.h"

#include <stdexcept>
#include <string>

#include <gmock/gmock.h>

namespace sunder {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const std::string limit_exceeded = "a frame of 16777217 bytes; at most 16777216 are allowed";

TEST(Frame, its_header_is_little_endian) {
  const std::string bytes("SNDR\x05\x01\0\0\x78\x56\x34\x12\x03\x01\x02\x04", 16);
  const auto header = parse_frame_header(bytes);
  EXPECT_EQ(header.payload_bytes, 0x105u);
  EXPECT_EQ(header.checksum, 0x12345678u);
  EXPECT_EQ(header.type, FrameType::append_entries);
  EXPECT_EQ(header.from, NodeId{2});
  EXPECT_EQ(header.to, NodeId{4});
}

TEST(Frame, a_payload_of_the_limit_is_read) {
  const std::string payload(max_frame_payload_bytes, 'x');
  const auto frame = make_frame(FrameType::install_snapshot, NodeId{1}, NodeId{2}, payload);
  const auto header = parse_frame_header(frame);
  EXPECT_EQ(header.payload_bytes, payload.size());
  EXPECT_NO_THROW(verify_payload(header, std::string_view(frame).substr(frame_header_bytes)));
}

TEST(Frame, a_payload_over_the_limit_is_neither_made_nor_read) {
  const auto make = [](std::size_t size) {
    return make_frame(FrameType::hello, NodeId{1}, NodeId{2}, std::string(size, 'x'));
  };
  EXPECT_THAT([&] { make(max_frame_payload_bytes + 1); },
              ThrowsMessage<std::length_error>(limit_exceeded));
  auto frame = make(max_frame_payload_bytes);
  ++frame[4];
  EXPECT_THAT([&] { parse_frame_header(frame); },
              ThrowsMessage<std::runtime_error>(limit_exceeded));
}

TEST(Frame, another_version_is_refused) {
  auto frame = make_frame(FrameType::hello, NodeId{1}, NodeId{2}, "");
  frame[13] = 2;
  EXPECT_THAT([&] { parse_frame_header(frame); },
              ThrowsMessage<std::runtime_error>(HasSubstr("version 2")));
}

}  // namespace
}  // namespace sunder
