#pragma once
// The one connection on which this node sends to one other: dialled here, only written, dialled
// again when it breaks. Frames may be lost: while the peer is away only the newest few are kept.

#include <deque>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "node/api/types.h"

namespace sunder {

class PeerLink {
 public:
  PeerLink(boost::asio::io_context& io, NodeId self, NodeId peer,
           boost::asio::ip::tcp::endpoint address);

  void send(std::string frame);

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> write_frames();
  boost::asio::awaitable<void> wait_until_closed();
  std::string take_queue();

  NodeId self_;
  NodeId peer_;
  boost::asio::ip::tcp::endpoint address_;
  boost::asio::ip::tcp::socket socket_;
  bool is_connected_ = false;
  std::deque<std::string> queue_;
  std::size_t queue_bytes_ = 0;
  /// Cancelled when the queue is no longer empty.
  boost::asio::steady_timer queue_filled_;
  boost::asio::steady_timer pause_;
};

}  // namespace sunder
