#pragma once
// The network between the nodes: a TCP proxy with one listener for each directed link, so that it
// always knows who speaks to whom; or one for each node, where all that dial a node are given the
// same address and the kernel tells who it was. Framed links carry the project's own messages: a
// blocked one drops whole frames and keeps its connections. Byte links carry other systems'
// streams: a blocked one holds the bytes of its direction, nothing is ever lost from the middle of
// a stream. While the destination is down an attempt is accepted and closed at once, so that the
// node retries. Buffers are bounded: a receiver that does not read stops the sender, as TCP would.

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

  /// The rules must outlive the proxy. One proxy at a time listens to the rules' changes. `watch`
  /// is told what leaders send, if the links are framed.
  Proxy(boost::asio::io_context& io, LinkRules& rules, Framing framing, WatchFrames watch = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;

  /// Listens at `listen` (port 0: any free one) for what `link.from` sends and forwards it to
  /// `destination`, where link.to listens. Returns the address to be given to `link.from`.
  /// Throws boost::system::system_error naming the address if it is in use.
  Endpoint add_link(Link link, const Endpoint& listen, const Endpoint& destination);

  /// Like add_link, of sockets in the file system.
  void add_local_link(Link link, const std::string& listen_path,
                      const std::string& destination_path);

  /// Tells which node holds the end of a connection that is at `dialer`; nothing if none does.
  using FindDialer =
      std::function<std::optional<NodeNumber>(const Endpoint& dialer, const Endpoint& door)>;

  /// Listens for what any node sends to `to`, which listens at `destination`. What nobody owns is
  /// closed. What a dialer says first may be edited. Otherwise like add_link.
  Endpoint add_door(NodeNumber to, const Endpoint& listen, const Endpoint& destination,
                    FindDialer find_dialer, EditGreeting edit_greeting = {});

  /// Closes all listeners and connections. The io_context then has no more work from here.
  void close();

  LinkStatistics statistics(Link link) const;
  LinkStatistics total() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sunder::nemesis
