#pragma once
// One proxied TCP connection: what was accepted from link.from, what was dialed to link.to, and a
// relay for each direction. On a framed link only the dialer writes, and when either side closes,
// both are closed. On a byte link each side may close its own direction, as TCP allows, and an
// attempt that finds the link blocked waits for the healing; it is forgotten if its dialer has
// given up meanwhile.

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
    /// Of what the dialer says first; null to leave it as it is.
    EditGreeting edit_greeting = {};
  };
  using Closed = std::function<void(const std::shared_ptr<Connection>&)>;

  /// `closed` is called once.
  Connection(boost::asio::io_context& io, Descriptor accepted, const Setting& setting,
             Closed closed);

  void start();
  void rules_changed(Link link);
  /// By RST, if the link is one of its directions.
  void reset(Link link);
  void close();

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void ended(const Relay& relay, Relay::End end) override;

 private:
  /// Whether the rules of that link are rules for this connection.
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
  // From the moment the destination is connected.
  std::optional<Relay> forward_;
  std::optional<Relay> backward_;
};

}  // namespace sunder::nemesis
