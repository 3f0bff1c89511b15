#pragma once
// A conversation in JSON-RPC 1.0 as OVSDB speaks it (RFC 7047): bare JSON objects one behind the
// other, and the server may ask too ("echo"). Over TCP, or over a socket in the file system.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <nlohmann/json.hpp>

namespace sunder::harness::ovsdb {

struct Attempt {
  /// The whole answer: "result", "error", "id".
  std::optional<nlohmann::json> answer;
  /// A byte of the request may have reached the server.
  bool left = false;
};

/// Removes the first complete object from the received bytes; nothing if it is incomplete. Throws
/// std::invalid_argument for what cannot become one.
std::optional<nlohmann::json> take_object(std::string& received);

/// Connected when it is first needed and again after it broke.
class JsonRpcConnection {
 public:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;

  JsonRpcConnection(boost::asio::io_context& io, const Endpoint& endpoint)
      : endpoint_(endpoint), stream_(io) {}

  /// One at a time; ends by `until`.
  boost::asio::awaitable<Attempt> ask(std::string method, nlohmann::json parameters,
                                      std::chrono::steady_clock::time_point until);

 private:
  boost::asio::awaitable<Attempt> talk(std::string request, std::uint64_t id);
  void close();

  Endpoint endpoint_;
  boost::beast::basic_stream<boost::asio::generic::stream_protocol> stream_;
  std::string received_;
  std::uint64_t last_id_ = 0;
  bool connected_ = false;
};

}  // namespace sunder::harness::ovsdb
