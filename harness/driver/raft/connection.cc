#include "harness/driver/raft/connection.h"

#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "harness/driver/own_failure.h"
#include "node/api/address.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_reply_bytes = 16 << 20;

// Empty for malformed replies, which are treated like a broken connection.
std::optional<client_protocol::Reply> parse_or_nothing(std::string_view line) {
  try {
    return client_protocol::parse_reply(line);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace

RaftConnection::RaftConnection(asio::io_context& io, const std::string& address)
    : endpoint_(parse_address(address)), stream_(io) {}

asio::awaitable<RaftAttempt> RaftConnection::ask(std::string line, std::uint64_t request,
                                                 std::chrono::steady_clock::time_point until) {
  RaftAttempt attempt;
  boost::system::error_code error;
  auto use = asio::redirect_error(asio::use_awaitable, error);
  stream_.expires_at(until);
  if (!connected_) {
    co_await stream_.async_connect(endpoint_, use);
    throw_if_own_failure(error);
    if (error) co_return close(attempt);
    connected_ = true;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
  }
  attempt.left = true;
  co_await asio::async_write(stream_, asio::buffer(line), use);
  if (error) co_return close(attempt);
  while (!attempt.reply) {
    const auto size = co_await asio::async_read_until(
        stream_, asio::dynamic_buffer(received_, longest_reply_bytes), '\n', use);
    if (error) co_return close(attempt);
    auto reply = parse_or_nothing(std::string_view(received_).substr(0, size - 1));
    if (!reply) co_return close(attempt);
    received_.erase(0, size);
    // An answer to a call that was given up is of no interest any more.
    if (reply->request == request) attempt.reply = std::move(reply);
  }
  co_return attempt;
}

RaftAttempt RaftConnection::close(const RaftAttempt& attempt) {
  boost::system::error_code ignored;
  stream_.socket().close(ignored);
  received_.clear();
  connected_ = false;
  return attempt;
}

}  // namespace sunder::harness
