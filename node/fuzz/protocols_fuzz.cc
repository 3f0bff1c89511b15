// libFuzzer over everything that a node, or who talks with one, reads from a socket: whatever the
// bytes, they give a message or an exception that says what is wrong. The first byte chooses the
// reader. Frames are taken behind their checksum, which no random bytes would pass.

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "node/api/admin_protocol.h"
#include "node/api/client_protocol.h"
#include "node/api/trace.h"
#include "node/net/message_codec.h"
#include "node/raft/configuration.h"
#include "node/store/command.h"

namespace {

using namespace sunder;

void read_frame(std::string_view bytes) {
  if (bytes.empty()) return;
  FrameHeader header;
  header.type = FrameType{static_cast<std::uint8_t>(bytes.front())};
  header.payload_bytes = static_cast<std::uint32_t>(bytes.size() - 1);
  header.from = NodeId{1};
  header.to = NodeId{2};
  const auto message = decode_message(header, bytes.substr(1));
  const auto again = encode_message(message);
  if (again.substr(frame_header_bytes) != bytes.substr(1)) __builtin_trap();
}

void read_header(std::string_view bytes) {
  expect_frame_magic(bytes.substr(0, frame_header_bytes));
  if (bytes.size() >= frame_header_bytes) parse_frame_header(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 8) {
      case 0:
        read_header(bytes);
        break;
      case 1:
        client_protocol::parse_request(bytes);
        break;
      case 2:
        client_protocol::parse_reply(bytes);
        break;
      case 3:
        admin_protocol::parse_request(bytes);
        break;
      case 4:
        trace::parse_json_line(bytes);
        break;
      case 5:
        decode_command(bytes);
        break;
      case 6:
        raft::decode_configuration(bytes);
        break;
      default:
        read_frame(bytes);
        break;
    }
  } catch (const std::exception&) {
    // That is an answer.
  }
  return 0;
}
