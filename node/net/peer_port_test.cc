#include "node/net/peer_port.h"

#include <chrono>
#include <string>
#include <vector>

#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include "node/api/frame.h"
#include "node/net/message_codec.h"

namespace sunder {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

tcp::endpoint free_port(asio::io_context& io) {
  return tcp::acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)).local_endpoint();
}

// A snapshot whose piece fills the payload.
std::string frame_of_the_limit() {
  raft::InstallSnapshot body;
  body.configuration = {{NodeId{1}}, {}, {}};
  const auto empty = encode_message({NodeId{1}, NodeId{2}, Term{1}, body});
  body.piece.resize(max_frame_payload_bytes + frame_header_bytes - empty.size(), 'x');
  return encode_message({NodeId{1}, NodeId{2}, Term{1}, body});
}

TEST(PeerPort, takes_a_payload_of_the_limit_and_refuses_one_byte_more) {
  asio::io_context io;
  const auto address = free_port(io);
  int messages = 0;
  PeerPort port(io, address, NodeId{2}, [&](const raft::Message&) { ++messages; });
  tcp::socket peer(io);
  peer.connect(address);
  auto frame = frame_of_the_limit();
  bool is_written = false;
  const auto written = [&](boost::system::error_code, std::size_t) { is_written = true; };
  asio::async_write(peer, asio::buffer(frame), written);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while ((messages == 0 || !is_written) && std::chrono::steady_clock::now() < deadline) {
    io.run_one_for(1s);
  }
  EXPECT_EQ(messages, 1);
  ++frame[4];
  testing::internal::CaptureStderr();
  asio::write(peer, asio::buffer(frame, frame_header_bytes));
  bool is_closed = false;
  peer.async_wait(tcp::socket::wait_read, [&](boost::system::error_code) { is_closed = true; });
  while (!is_closed && std::chrono::steady_clock::now() < deadline) io.run_one_for(1s);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("a frame of 16777217 bytes; at most 16777216 are allowed"));
  EXPECT_EQ(messages, 1);
}

}  // namespace
}  // namespace sunder
