#include "harness/driver/zookeeper/status.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "harness/driver/client_sockets.h"
#include "harness/driver/own_failure.h"
#include "node/api/address.h"

namespace sunder::harness::zookeeper {

namespace asio = boost::asio;

namespace {

class ZooKeeperStatusReader final : public StatusReader {
 public:
  ZooKeeperStatusReader(asio::io_context& io, const std::string& node)
      : io_(io), endpoint_(parse_address(node)) {}

  asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) override {
    boost::beast::tcp_stream stream(io_);
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    stream.expires_at(until);
    open_client_socket(stream);
    co_await stream.async_connect(endpoint_, use);
    throw_if_own_failure(error);
    if (error) co_return std::nullopt;
    co_await asio::async_write(stream, asio::buffer("srvr", 4), use);
    std::string answer;
    if (!error) co_await asio::async_read(stream, asio::dynamic_buffer(answer), use);
    co_return parse_status(answer);
  }

 private:
  asio::io_context& io_;
  asio::ip::tcp::endpoint endpoint_;
};

}  // namespace

std::optional<NodeStatus> parse_status(std::string_view text) {
  if (text.find("\nMode: leader\n") != std::string_view::npos) {
    return NodeStatus{NodeStatus::Role::leader, 0};
  }
  if (text.find("\nMode: follower\n") != std::string_view::npos) {
    return NodeStatus{NodeStatus::Role::follower, 0};
  }
  return std::nullopt;
}

std::unique_ptr<StatusReader> make_status_reader(asio::io_context& io, const std::string& node) {
  return std::make_unique<ZooKeeperStatusReader>(io, node);
}

}  // namespace sunder::harness::zookeeper
