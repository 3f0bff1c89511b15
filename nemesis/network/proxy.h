#pragma once
// The network between the nodes: a TCP proxy. It has one listener for each directed link; or, if
// all peers of a node dial one address, one listener (a door) for each node, and the kernel says
// which process dialed. Framed links carry frames of sunder's own node, byte links the streams of
// other systems; in_flight.h says what faults do to either. While the destination is down, the
// proxy accepts a connection and closes it at once, so that the node retries. Buffers are bounded:
// a receiver that does not read stops the sender, as TCP does.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "nemesis/network/frames.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/link_statistics.h"
#include "nemesis/network/relay.h"
#include "nemesis/network/sent_frame.h"

namespace sunder::nemesis {

class Proxy {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  /// The rules must outlive the proxy. `watch` is called for watched frames, if links are framed.
  Proxy(boost::asio::io_context& io, LinkRules& rules, Framing framing, WatchFrames watch = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;

  /// Listens at `listen` (port 0: any free one) for what `link.from` sends and forwards it to
  /// `destination`, where link.to listens. Returns the address to be given to `link.from`.
  /// Throws boost::system::system_error naming the address if it is in use.
  Endpoint add_link(Link link, const Endpoint& listen, const Endpoint& destination);

  /// Like add_link, for Unix domain sockets.
  void add_local_link(Link link, const std::string& listen_path,
                      const std::string& destination_path);

  /// The node whose process owns the socket at `dialer`; nothing if no node does.
  using FindDialer =
      std::function<std::optional<NodeId>(const Endpoint& dialer, const Endpoint& door)>;

  /// Listens for what any node sends to `to`, which listens at `destination`. Closes a connection
  /// that no node owns. `edit_greeting` may change the first bytes of the dialer. Otherwise like
  /// add_link.
  Endpoint add_door(NodeId to, const Endpoint& listen, const Endpoint& destination,
                    FindDialer find_dialer, EditGreeting edit_greeting = {});

  /// Closes all listeners and connections. The proxy then gives the io_context no more work.
  void close();

  LinkStatistics statistics(Link link) const;
  LinkStatistics total() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sunder::nemesis
