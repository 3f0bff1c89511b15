#pragma once
// One proxied TCP connection: the socket accepted from link.from, the socket dialed to link.to, and
// a relay for each direction. On a framed link only the dialer writes; when either side closes, the
// proxy closes both. On a byte link each side may close its own direction, as TCP allows. If a byte
// link is blocked, the proxy dials link.to when the link is healed, unless the dialer has closed
// its socket by then.

#include <functional>
#include <memory>
#include <optional>

#include "nemesis/network/relay.h"

namespace sunder::nemesis {

class Connection : public Relay::Owner, public std::enable_shared_from_this<Connection> {
 public:
  /// The references must outlive the connection.
  struct Setting {
    Link link;
    Framing framing;
    Address destination;
    LinkRules& rules;
    LinkStatistics& forward;
    LinkStatistics& backward;
    const WatchFrames& watch;
    /// Changes the first bytes of the dialer; null to forward them unchanged.
    EditGreeting edit_greeting = {};
  };
  using Closed = std::function<void(const std::shared_ptr<Connection>&)>;

  /// Calls `closed` once.
  Connection(boost::asio::io_context& io, Descriptor accepted, const Setting& setting,
             Closed closed);

  void start();
  void rules_changed(Link link);
  /// Closes both sockets with RST, if the link is one of the directions.
  void reset(Link link);
  void close();

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void ended(const Relay& relay, Relay::End end) override;

 private:
  /// Whether the rules of that link apply to this connection.
  bool is_carried_by(Link link) const;
  bool is_cut() const;
  bool must_wait_for_healing() const;
  void dial();
  void dialed();
  void refuse();

  boost::asio::io_context& io_;
  Setting setting_;
  Closed closed_;
  bool dialing_ = false;
  bool is_closed_ = false;
  Descriptor accepted_;
  Descriptor dialed_;
  // Empty until link.to is connected.
  std::optional<Relay> forward_;
  std::optional<Relay> backward_;
};

}  // namespace sunder::nemesis
