#pragma once
// A conversation with one server over HTTP/1.1: one request, one answer, the connection kept.

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace sunder::harness {

struct HttpReply {
  unsigned status = 0;
  std::string body;
};

/// What is known of a request after one attempt.
struct HttpAttempt {
  /// Only a whole one.
  std::optional<HttpReply> reply;
  /// A byte of the request may have reached the server.
  bool left = false;
};

/// Connected when it is first needed and again after it broke.
class HttpConnection {
 public:
  /// "127.0.0.1:2379". Throws std::invalid_argument naming the address if it is none.
  HttpConnection(boost::asio::io_context& io, const std::string& address);

  /// One at a time; ends by `until`.
  boost::asio::awaitable<HttpAttempt> get(std::string target,
                                          std::chrono::steady_clock::time_point until);
  boost::asio::awaitable<HttpAttempt> post(std::string target, std::string json,
                                           std::chrono::steady_clock::time_point until);

 private:
  template <typename Request>
  boost::asio::awaitable<HttpAttempt> ask(Request request,
                                          std::chrono::steady_clock::time_point until);
  void close();

  boost::asio::ip::tcp::endpoint endpoint_;
  std::string host_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer received_;
  bool connected_ = false;
};

}  // namespace sunder::harness
