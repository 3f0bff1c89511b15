#include "harness/driver/http_connection.h"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include "harness/driver/client_sockets.h"
#include "harness/driver/own_failure.h"
#include "node/api/address.h"

namespace sunder::harness {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr int http_1_1 = 11;

}  // namespace

HttpConnection::HttpConnection(asio::io_context& io, const std::string& address)
    : endpoint_(parse_address(address)), host_(address), stream_(io) {}

asio::awaitable<HttpAttempt> HttpConnection::get(std::string target,
                                                 std::chrono::steady_clock::time_point until) {
  http::request<http::empty_body> request(http::verb::get, target, http_1_1);
  co_return co_await ask(std::move(request), until);
}

asio::awaitable<HttpAttempt> HttpConnection::post(std::string target, std::string json,
                                                  std::chrono::steady_clock::time_point until) {
  http::request<http::string_body> request(http::verb::post, target, http_1_1, std::move(json));
  request.set(http::field::content_type, "application/json");
  co_return co_await ask(std::move(request), until);
}

template <typename Request>
asio::awaitable<HttpAttempt> HttpConnection::ask(Request request,
                                                 std::chrono::steady_clock::time_point until) {
  HttpAttempt attempt;
  boost::system::error_code error;
  auto use = asio::redirect_error(asio::use_awaitable, error);
  request.set(http::field::host, host_);
  request.prepare_payload();
  stream_.expires_at(until);
  if (!connected_) {
    open_client_socket(stream_);
    co_await stream_.async_connect(endpoint_, use);
    throw_if_own_failure(error);
    if (error) {
      close();
      co_return attempt;
    }
    connected_ = true;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
  }
  attempt.left = true;
  http::response<http::string_body> response;
  co_await http::async_write(stream_, request, use);
  if (!error) co_await http::async_read(stream_, received_, response, use);
  if (!error) attempt.reply = HttpReply{response.result_int(), std::move(response.body())};
  if (error || !response.keep_alive()) close();
  co_return attempt;
}

void HttpConnection::close() {
  boost::system::error_code ignored;
  stream_.socket().close(ignored);
  received_.clear();
  connected_ = false;
}

}  // namespace sunder::harness
