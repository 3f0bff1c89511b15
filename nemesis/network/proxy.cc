#include "nemesis/network/proxy.h"

#include <cerrno>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/local/stream_protocol.hpp>
#include <fmt/format.h>

#include "nemesis/network/connection.h"
#include "nemesis/network/sockets.h"

namespace sunder::nemesis {
namespace {}  // namespace

class Proxy::Impl : public LinkRules::Listener, public std::enable_shared_from_this<Proxy::Impl> {
 public:
  Impl(boost::asio::io_context& io, LinkRules& rules, Framing framing, WatchFrames watch)
      : io_(io), rules_(rules), framing_(framing), watch_(std::move(watch)) {}

  /// The link that an accepted connection belongs to, if any.
  using FindLink = std::function<std::optional<Link>(Descriptor& accepted)>;

  Descriptor& listen(std::string name, FindLink find_link, const Address& at,
                     const Address& destination, EditGreeting edit_greeting = {});
  void stop_listening() { rules_.stop_listening(*this); }
  void close();
  Framing framing() const override { return framing_; }
  void rules_changed(Link link) override;
  void reset(Link link) override;

  std::map<Link, LinkStatistics> statistics;

 private:
  struct Listener {
    /// For messages.
    std::string name;
    FindLink find_link;
    Address destination;
    EditGreeting edit_greeting;
    Descriptor socket;
  };

  void wait_to_accept(Listener& listener);
  void accept_all(Listener& listener);
  void open(Listener& listener, Descriptor accepted);
  void for_each_connection(const std::function<void(Connection&)>& call);

  boost::asio::io_context& io_;
  LinkRules& rules_;
  const Framing framing_;
  const WatchFrames watch_;
  bool closed_ = false;
  // Addresses must not change: handlers refer to them.
  std::list<Listener> listeners_;
  std::set<std::shared_ptr<Connection>> connections_;
};

Descriptor& Proxy::Impl::listen(std::string name, FindLink find_link, const Address& at,
                                const Address& destination, EditGreeting edit_greeting) {
  listeners_.push_back({std::move(name), std::move(find_link), destination,
                        std::move(edit_greeting), listen_at(io_, at)});
  wait_to_accept(listeners_.back());
  return listeners_.back().socket;
}

void Proxy::Impl::wait_to_accept(Listener& listener) {
  listener.socket.async_wait(Descriptor::wait_read, [self = shared_from_this(),
                                                     &listener](boost::system::error_code error) {
    if (!error && !self->closed_) self->accept_all(listener);
  });
}

void Proxy::Impl::accept_all(Listener& listener) {
  while (true) {
    int error = 0;
    Descriptor accepted = accept_from(io_, listener.socket, error);
    if (accepted.is_open()) {
      open(listener, std::move(accepted));
    } else if (error == EAGAIN) {
      return wait_to_accept(listener);
    } else {
      throw_if_own_failure(error, listener.name);
    }
    // Any other error belongs to one connection that is gone already.
  }
}

void Proxy::Impl::open(Listener& listener, Descriptor accepted) {
  const auto found = listener.find_link(accepted);
  if (!found) return;
  const Link link = *found;
  Connection::Setting setting{link,
                              framing_,
                              listener.destination,
                              rules_,
                              statistics[link],
                              statistics[reverse(link)],
                              watch_,
                              listener.edit_greeting};
  auto closed = [weak = weak_from_this()](const std::shared_ptr<Connection>& connection) {
    if (auto self = weak.lock()) self->connections_.erase(connection);
  };
  auto connection = std::make_shared<Connection>(io_, std::move(accepted), setting, closed);
  connections_.insert(connection);
  connection->start();
}

void Proxy::Impl::rules_changed(Link link) {
  for_each_connection([link](Connection& connection) { connection.rules_changed(link); });
}

void Proxy::Impl::reset(Link link) {
  for_each_connection([link](Connection& connection) { connection.reset(link); });
}

void Proxy::Impl::close() {
  closed_ = true;
  for (Listener& listener : listeners_) {
    listener.socket.close();
  }
  for_each_connection([](Connection& connection) { connection.close(); });
}

// A connection may end, and leave the set, while it is called.
void Proxy::Impl::for_each_connection(const std::function<void(Connection&)>& call) {
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) call(*connection);
}

Proxy::Proxy(boost::asio::io_context& io, LinkRules& rules, Framing framing, WatchFrames watch)
    : impl_(std::make_shared<Impl>(io, rules, framing, std::move(watch))) {
  rules.listen(*impl_);
}

Proxy::~Proxy() {
  impl_->stop_listening();
  close();
}

Endpoint Proxy::add_link(Link link, const Endpoint& listen, const Endpoint& destination) {
  impl_->statistics[link];
  return local_endpoint(impl_->listen(
      link_name(link), [link](Descriptor&) { return link; }, listen, destination));
}

void Proxy::add_local_link(Link link, const std::string& listen_path,
                           const std::string& destination_path) {
  using boost::asio::local::stream_protocol;
  impl_->statistics[link];
  impl_->listen(
      link_name(link), [link](Descriptor&) { return link; }, stream_protocol::endpoint(listen_path),
      stream_protocol::endpoint(destination_path));
}

Endpoint Proxy::add_door(NodeId to, const Endpoint& listen, const Endpoint& destination,
                         FindDialer find_dialer, EditGreeting edit_greeting) {
  const auto find_link =
      [to, find_dialer = std::move(find_dialer)](Descriptor& accepted) -> std::optional<Link> {
    const auto dialer = remote_endpoint(accepted);
    if (!dialer) return std::nullopt;
    const auto from = find_dialer(*dialer, local_endpoint(accepted));
    if (!from) return std::nullopt;
    return Link{*from, to};
  };
  return local_endpoint(impl_->listen(fmt::format("door of {}", name_of(to)), find_link, listen,
                                      destination, std::move(edit_greeting)));
}

void Proxy::close() {
  impl_->close();
}

LinkStatistics Proxy::statistics(Link link) const {
  auto found = impl_->statistics.find(link);
  return found == impl_->statistics.end() ? LinkStatistics{} : found->second;
}

LinkStatistics Proxy::total() const {
  LinkStatistics sum;
  for (const auto& [link, statistics] : impl_->statistics) sum += statistics;
  return sum;
}

}  // namespace sunder::nemesis
