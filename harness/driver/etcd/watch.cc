#include "harness/driver/etcd/watch.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

#include "harness/driver/base64.h"
#include "harness/driver/client_sockets.h"
#include "harness/driver/etcd/objects.h"
#include "harness/driver/own_failure.h"
#include "harness/driver/value_text.h"
#include "node/api/address.h"

namespace sunder::harness::etcd {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;
using SteadyClock = std::chrono::steady_clock;

namespace {

// Longer than two heartbeats: what was committed before the watch began has come by then.
constexpr auto quiet = std::chrono::milliseconds(200);
// While changes go on coming.
constexpr auto longest = std::chrono::milliseconds(500);

std::string request_of(const Call& call, Watches watches) {
  auto create = folder_of(call.key.substr(0, call.key.size() - 1));
  if (watches == Watches::where_asked) create["start_revision"] = history::to_json(call.value);
  return json{{"create_request", create}}.dump();
}

/// The whole lines of a stream.
class Lines {
 public:
  /// May throw as take_watch_line().
  void take(std::string_view bytes, history::List& events) {
    text_ += bytes;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      if (end > 0) take_watch_line(text_.substr(0, end), events);
      text_.erase(0, end + 1);
    }
  }

 private:
  std::string text_;
};

class Stream {
 public:
  Stream(asio::io_context& io, const std::string& address)
      : endpoint_(parse_address(address)), address_(address), stream_(io) {}

  /// False if the server was not reached or did not answer with a stream.
  asio::awaitable<bool> open(std::string body, SteadyClock::time_point until) {
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_at(until);
    open_client_socket(stream_);
    co_await stream_.async_connect(endpoint_, use);
    throw_if_own_failure(error);
    if (error) co_return false;
    constexpr int http_1_1 = 11;
    http::request<http::string_body> request(http::verb::post, "/v3/watch", http_1_1,
                                             std::move(body));
    request.set(http::field::host, address_);
    request.set(http::field::content_type, "application/json");
    request.prepare_payload();
    co_await http::async_write(stream_, request, use);
    if (error) co_return false;
    parser_.body_limit(boost::none);
    co_await http::async_read_header(stream_, received_, parser_, use);
    co_return !error && parser_.get().result() == http::status::ok;
  }

  /// What came next; empty if nothing came until then or the stream ended.
  asio::awaitable<std::string> read(SteadyClock::time_point until) {
    std::string part(std::size_t{1} << 14, '\0');
    boost::system::error_code error;
    auto use = asio::redirect_error(asio::use_awaitable, error);
    stream_.expires_at(until);
    auto& body = parser_.get().body();
    body.data = part.data();
    body.size = part.size();
    // A read may give no more than the frame of a chunk.
    while (!error && body.size == part.size() && !parser_.is_done()) {
      co_await http::async_read_some(stream_, received_, parser_, use);
    }
    part.resize(part.size() - body.size);
    co_return part;
  }

 private:
  asio::ip::tcp::endpoint endpoint_;
  std::string address_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer received_;
  http::response_parser<http::buffer_body> parser_;
};

}  // namespace

void take_watch_line(const std::string& line, history::List& events) {
  try {
    const auto said = json::parse(line);
    if (said.contains("error")) throw std::invalid_argument(said["error"].dump());
    const auto& result = said.at("result");
    result.at("header").at("member_id");
    if (result.value("canceled", false)) {
      throw std::invalid_argument(result.value("cancel_reason", "the server ended the watch"));
    }
    if (!result.contains("events")) return;
    for (const auto& event : result.at("events")) {
      const auto& pair = event.at("kv");
      history::Value value;
      if (event.value("type", "PUT") == "PUT") {
        value = from_stored_text(from_base64(pair.value("value", "")));
      }
      events.push_back(history::List{number_of(pair.at("mod_revision")),
                                     from_base64(pair.at("key").get<std::string>()),
                                     std::move(value)});
    }
  } catch (const json::exception&) {
    throw std::invalid_argument("no line of a watch of etcd's");
  }
}

namespace {

asio::awaitable<Completion> watch_for_a_while(asio::io_context& io, std::string address, Call call,
                                              Watches watches, SteadyClock::time_point until) {
  Stream stream(io, address);
  history::List events;
  std::string why = "no answer";
  if (co_await stream.open(request_of(call, watches), until)) {
    try {
      Lines lines;
      const auto end = std::min(until, SteadyClock::now() + longest);
      while (SteadyClock::now() < end) {
        const auto part = co_await stream.read(std::min(end, SteadyClock::now() + quiet));
        if (part.empty()) break;
        lines.take(part, events);
      }
      co_return Completion{EventType::ok, std::move(events), {}};
    } catch (const std::invalid_argument& ended) {
      why = ended.what();
    }
  }
  co_return Completion{EventType::fail, call.value, std::move(why)};
}

}  // namespace

asio::awaitable<Completion> watch(asio::io_context& io, std::string address, Call call,
                                  Watches watches, SteadyClock::time_point until) {
  return watch_for_a_while(io, std::move(address), std::move(call), watches, until);
}

}  // namespace sunder::harness::etcd
