#include "harness/driver/port_reader.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "harness/driver/client_sockets.h"
#include "harness/driver/own_failure.h"
#include "node/api/address.h"

namespace sunder::harness {

namespace asio = boost::asio;

namespace {

class PortReader final : public StatusReader {
 public:
  PortReader(asio::io_context& io, const std::string& address)
      : io_(io), endpoint_(parse_address(address)) {}

  asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) override {
    boost::beast::tcp_stream stream(io_);
    boost::system::error_code error;
    stream.expires_at(until);
    open_client_socket(stream);
    co_await stream.async_connect(endpoint_, asio::redirect_error(asio::use_awaitable, error));
    throw_if_own_failure(error);
    if (error) co_return std::nullopt;
    co_return NodeStatus();
  }

 private:
  asio::io_context& io_;
  asio::ip::tcp::endpoint endpoint_;
};

}  // namespace

std::unique_ptr<StatusReader> make_port_reader(asio::io_context& io, const std::string& address) {
  return std::make_unique<PortReader>(io, address);
}

}  // namespace sunder::harness
