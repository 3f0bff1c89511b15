#pragma once
// The connection on which this node sends frames to one peer. This node dials it, only writes to
// it, and dials again when it breaks. Frames may be lost: while the peer is down only the newest
// are kept. send() writes to the socket at once if it can, so that the peer works while this node's
// thread blocks in the next sync of the disk.

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
  /// All frames are written, so that send() may write without overtaking one.
  bool is_idle_ = false;
  /// The rest of a partly written frame. It must be written next, on this connection only.
  std::string rest_;
  std::deque<std::string> queue_;
  std::size_t queue_bytes_ = 0;
  /// Cancelled when the queue is no longer empty.
  boost::asio::steady_timer queue_filled_;
  boost::asio::steady_timer pause_;
};

}  // namespace sunder
