#include "node/net/peer_link.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "node/api/bytes.h"
#include "node/api/frame.h"
#include "node/net/completion.h"
#include "node/net/listener.h"

namespace sunder {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::size_t max_queue_bytes = 32 << 20;
/// Enough for votes and heartbeats. Raft sends lost entries again.
constexpr std::size_t max_frames_while_away = 16;
constexpr auto first_pause = 10ms;
constexpr auto longest_pause = 160ms;

std::string hello(NodeId self, NodeId peer) {
  std::string payload;
  ByteWriter(payload).number(std::uint64_t{0});
  return make_frame(FrameType::hello, self, peer, payload);
}

}  // namespace

PeerLink::PeerLink(asio::io_context& io, NodeId self, NodeId peer, tcp::endpoint address)
    : self_(self),
      peer_(peer),
      address_(std::move(address)),
      socket_(io),
      queue_filled_(io, asio::steady_timer::time_point::max()),
      pause_(io) {
  asio::co_spawn(io, run(), rethrow);
}

void PeerLink::send(std::string frame) {
  const auto written = write_at_once(frame);
  if (written == frame.size()) return;
  if (written > 0) {
    is_idle_ = false;
    rest_ = frame.substr(written);
    queue_filled_.cancel();
    return;
  }
  queue_bytes_ += frame.size();
  queue_.push_back(std::move(frame));
  while (queue_bytes_ > max_queue_bytes ||
         (!is_connected_ && queue_.size() > max_frames_while_away)) {
    queue_bytes_ -= queue_.front().size();
    queue_.pop_front();
  }
  queue_filled_.cancel();
}

/// Returns how many bytes were written. wait_until_closed() handles errors of the connection.
std::size_t PeerLink::write_at_once(std::string_view frame) {
  if (!is_idle_ || !queue_.empty()) return 0;
  error_code error;
  const auto written = socket_.write_some(asio::buffer(frame), error);
  return error ? 0 : written;
}

asio::awaitable<void> PeerLink::run() {
  using namespace asio::experimental::awaitable_operators;
  std::chrono::milliseconds pause = first_pause;
  for (;;) {
    error_code error;
    socket_ = tcp::socket(socket_.get_executor());
    co_await socket_.async_connect(address_, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      pause = first_pause;
      is_connected_ = true;
      prepare_socket(socket_);
      socket_.non_blocking(true, error);
      co_await (write_frames() || wait_until_closed());
      is_connected_ = false;
      is_idle_ = false;
      rest_.clear();
    }
    socket_.close(error);
    pause_.expires_after(pause);
    pause = std::min(pause * 2, longest_pause);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

asio::awaitable<void> PeerLink::write_frames() {
  error_code error;
  const auto greeting = hello(self_, peer_);
  co_await asio::async_write(socket_, asio::buffer(greeting),
                             asio::redirect_error(asio::use_awaitable, error));
  while (!error) {
    is_idle_ = queue_.empty() && rest_.empty();
    if (is_idle_) {
      error_code woken;
      co_await queue_filled_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      const auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) co_return;
      continue;
    }
    const auto sending = take_queue();
    co_await asio::async_write(socket_, asio::buffer(sending),
                               asio::redirect_error(asio::use_awaitable, error));
  }
}

std::string PeerLink::take_queue() {
  std::string bytes = std::exchange(rest_, {});
  bytes.reserve(bytes.size() + queue_bytes_);
  for (const auto& frame : queue_) bytes += frame;
  queue_.clear();
  queue_bytes_ = 0;
  return bytes;
}

/// The peer never writes, so a readable socket means that the connection was closed.
asio::awaitable<void> PeerLink::wait_until_closed() {
  error_code ignored;
  co_await socket_.async_wait(tcp::socket::wait_read,
                              asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace sunder
