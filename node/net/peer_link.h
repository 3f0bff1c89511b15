#pragma once
// The one connection on which this node sends to one other: dialled here, only written, dialled
// again when it breaks. Frames may be lost: while the peer is away only the newest few are kept.
// A frame goes to the kernel at once if it takes it: what follows may be a sync of the disk, which
// keeps the thread, and the peer can work meanwhile.

#include <deque>
#include <string>
#include <string_view>

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
  std::size_t write_at_once(std::string_view frame);
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> write_frames();
  boost::asio::awaitable<void> wait_until_closed();
  std::string take_queue();

  NodeId self_;
  NodeId peer_;
  boost::asio::ip::tcp::endpoint address_;
  boost::asio::ip::tcp::socket socket_;
  bool is_connected_ = false;
  /// Everything is written, so that a frame may overtake nothing.
  bool is_idle_ = false;
  /// Of a frame that the kernel took only in part: goes first, on this connection or never.
  std::string rest_;
  std::deque<std::string> queue_;
  std::size_t queue_bytes_ = 0;
  /// Cancelled when the queue is no longer empty.
  boost::asio::steady_timer queue_filled_;
  boost::asio::steady_timer pause_;
};

}  // namespace sunder
