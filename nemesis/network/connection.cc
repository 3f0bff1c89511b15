#include "nemesis/network/connection.h"

#include <cstdio>

#include <fmt/format.h>
#include <sys/socket.h>

namespace sunder::nemesis {

Connection::Connection(boost::asio::io_context& io, Descriptor accepted, const Setting& setting,
                       Closed closed)
    : io_(io),
      setting_(setting),
      closed_(std::move(closed)),
      accepted_(std::move(accepted)),
      dialed_(io) {}

bool Connection::is_carried_by(Link link) const {
  return link == setting_.link ||
         (setting_.framing == Framing::bytes && link == reverse(setting_.link));
}

bool Connection::is_cut() const {
  return setting_.rules.is_cut(setting_.link) ||
         (setting_.framing == Framing::bytes && setting_.rules.is_cut(reverse(setting_.link)));
}

bool Connection::must_wait_for_healing() const {
  return setting_.framing == Framing::bytes && (setting_.rules.is_blocked(setting_.link) ||
                                                setting_.rules.is_blocked(reverse(setting_.link)));
}

void Connection::start() {
  if (is_cut()) return refuse();
  if (!must_wait_for_healing()) dial();
}

void Connection::rules_changed(Link link) {
  if (is_closed_ || !is_carried_by(link)) return;
  if (is_cut()) return close();
  if (forward_) {
    Relay& relay = forward_->link() == link ? *forward_ : *backward_;
    relay.rules_changed();
  } else if (!dialing_ && !must_wait_for_healing()) {
    // A real network would have lost the attempt with its dialer.
    if (peer_has_closed(accepted_)) {
      close();
    } else {
      dial();
    }
  }
}

void Connection::reset(Link link) {
  if (is_closed_ || !is_carried_by(link)) return;
  reset_on_close(accepted_);
  if (dialed_.is_open()) reset_on_close(dialed_);
  close();
}

void Connection::dial() {
  dialing_ = true;
  int error = 0;
  dialed_ = connect_to(io_, setting_.destination, error);
  throw_if_own_failure(error, link_name(setting_.link));
  if (error != 0) return refuse();
  dialed_.async_wait(Descriptor::wait_write,
                     [self = shared_from_this()](boost::system::error_code cancelled) {
                       if (!cancelled && !self->is_closed_) self->dialed();
                     });
}

void Connection::dialed() {
  if (connect_error(dialed_) != 0) return refuse();
  ++setting_.forward.connections;
  const bool framed = setting_.framing == Framing::frames;
  forward_.emplace(io_, *this, accepted_, dialed_, setting_.link,
                   framed ? Traffic::messages : Traffic::stream, setting_.rules, setting_.forward,
                   setting_.watch);
  forward_->edit_greeting(setting_.edit_greeting);
  backward_.emplace(io_, *this, dialed_, accepted_, reverse(setting_.link),
                    framed ? Traffic::unhindered : Traffic::stream, setting_.rules,
                    setting_.backward, setting_.watch);
  forward_->run();
  if (!is_closed_) backward_->run();
}

void Connection::refuse() {
  ++setting_.forward.refused_connections;
  close();
}

void Connection::ended(const Relay& relay, Relay::End end) {
  if (end == Relay::End::malformed) {
    ++setting_.forward.malformed_streams;
    // A remark: whether anybody reads it does not matter.
    std::fputs(fmt::format("proxy: {}: received {}; closed the connection\n",
                           link_name(setting_.link), relay.error())
                   .c_str(),
               stderr);
  }
  const bool both_finished = forward_->has_ended() && backward_->has_ended();
  if (end == Relay::End::finished && setting_.framing == Framing::bytes && !both_finished) {
    Descriptor& destination = &relay == &*forward_ ? dialed_ : accepted_;
    ::shutdown(destination.native_handle(), SHUT_WR);
    return;
  }
  close();
}

void Connection::close() {
  if (is_closed_) return;
  is_closed_ = true;
  if (forward_) forward_->stop();
  if (backward_) backward_->stop();
  accepted_.close();
  dialed_.close();
  closed_(shared_from_this());
}

}  // namespace sunder::nemesis
