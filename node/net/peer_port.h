#pragma once
// The port that other nodes dial. Only reads; answers travel on the link this node dials itself.
// A frame that is not one, or not for this node, closes that connection, and only that one.

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
