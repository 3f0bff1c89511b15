#include "node/net/peer_port.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "node/api/frame.h"
#include "node/log_line.h"
#include "node/net/completion.h"
#include "node/net/message_codec.h"

namespace sunder {

namespace asio = boost::asio;
using asio::ip::tcp;

PeerPort::PeerPort(asio::io_context& io, const tcp::endpoint& address, NodeId self,
                   OnMessage on_message)
    : self_(self),
      on_message_(std::move(on_message)),
      listener_(io, address, [this, &io](tcp::socket socket) {
        asio::co_spawn(io, read_frames(std::move(socket)), rethrow);
      }) {}

asio::awaitable<void> PeerPort::read_frames(tcp::socket socket) {
  try {
    std::string inbox;
    std::vector<char> chunk(std::size_t{64} << 10);
    for (;;) {
      const auto count = co_await socket.async_read_some(asio::buffer(chunk), asio::use_awaitable);
      inbox.append(chunk.data(), count);
      take_frames(inbox);
    }
  } catch (const boost::system::system_error&) {
    // The peer closed the connection.
  } catch (const std::runtime_error& error) {
    log_line("{}: a peer sent {}; its connection is closed", name_of(self_), error.what());
  }
}

void PeerPort::take_frames(std::string& inbox) {
  std::string_view rest = inbox;
  expect_frame_magic(rest);
  while (rest.size() >= frame_header_bytes) {
    const auto header = parse_frame_header(rest);
    if (rest.size() - frame_header_bytes < header.payload_bytes) break;
    const auto payload = rest.substr(frame_header_bytes, header.payload_bytes);
    verify_payload(header, payload);
    if (header.to != self_) {
      throw std::runtime_error(fmt::format("a frame for {}", name_of(header.to)));
    }
    if (header.type != FrameType::hello) on_message_(decode_message(header, payload));
    rest.remove_prefix(frame_header_bytes + header.payload_bytes);
  }
  inbox.erase(0, inbox.size() - rest.size());
}

}  // namespace sunder
