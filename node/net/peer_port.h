#pragma once
// The port that other nodes dial. It only reads; replies go over the link that this node dials.
// Bytes that are no frame, or a frame for another node, close their connection and no other.

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "node/net/listener.h"
#include "node/raft/message.h"

namespace sunder {

class PeerPort {
 public:
  using OnMessage = std::function<void(const raft::Message&)>;

  PeerPort(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& address, NodeId self,
           OnMessage on_message);

 private:
  boost::asio::awaitable<void> read_frames(boost::asio::ip::tcp::socket socket);
  void take_frames(std::string& inbox);

  NodeId self_;
  OnMessage on_message_;
  Listener listener_;
};

}  // namespace sunder
