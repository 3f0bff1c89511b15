#include "harness/serve/connection.h"

#include <array>
#include <chrono>
#include <stdexcept>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "harness/serve/byte_range.h"
#include "harness/serve/host_header.h"
#include "harness/serve/live_events.h"
#include "harness/serve/served_file.h"

namespace sunder::harness::serve {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;
constexpr std::uint32_t most_header_bytes = 16 * 1024;
/// How long new lines of a run in progress may lie before they are sent.
constexpr auto live_beat = 100ms;
/// After this much silence a stream of events sends a comment, and so finds out whether
/// the page is.
constexpr int beats_of_silence = 50;

constexpr auto with_error = asio::as_tuple(asio::use_awaitable);

using Request = http::request<http::empty_body>;

bool is_ours(http::verb method) {
  return method == http::verb::get || method == http::verb::head;
}

/// What is wrong with the bytes of a request, as far as HTTP has a word for it.
http::status status_of(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return http::status::request_header_fields_too_large;
  }
  if (error == http::error::bad_version) return http::status::http_version_not_supported;
  return http::status::bad_request;
}

bool is_about_http(beast::error_code error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

template <typename Body>
void describe(http::response<Body>& response, std::string_view content_type) {
  response.set(http::field::content_type, content_type);
  // Files of a run are never executed as scripts of another type, nor read by other sites' pages.
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set(http::field::cache_control, "no-cache");
}

}  // namespace

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, const Site& site, Audience audience)
      : stream_(std::move(socket)),
        site_(site),
        audience_(audience),
        buffer_(std::size_t{64} << 10) {}

  asio::awaitable<void> serve() {
    while (keep_alive_) {
      http::request_parser<http::empty_body> parser;
      parser.header_limit(most_header_bytes);
      stream_.expires_after(patience);
      const auto [error, bytes] =
          co_await http::async_read_header(stream_, buffer_, parser, with_error);
      if (error && !is_about_http(error)) co_return;
      if (error) {
        keep_alive_ = false;
        head_only_ = false;
        const std::string what = error.message();
        co_await send_text(status_of(error), what);
        break;
      }
      const Request request = parser.get();
      // The body of a request, if any, is not read; so the bytes after it are unusable.
      keep_alive_ = request.keep_alive() && parser.is_done();
      co_await answer(request);
    }
    co_await close();
  }

 private:
  asio::awaitable<void> answer(const Request& request) {
    head_only_ = request.method() == http::verb::head;
    version_ = request.version();
    if (const auto refusal = refusal_of(request); refusal != http::status::ok) {
      keep_alive_ = false;
      co_await send_text(refusal, refusal_text(refusal));
      co_return;
    }
    Answer found = NotFound{};
    std::exception_ptr failure;
    try {
      found = answer_to(site_, request.target());
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) {
      keep_alive_ = false;
      co_await send_text(http::status::internal_server_error, "sunder failed: see its terminal");
      std::rethrow_exception(failure);
    }
    if (const auto* page = std::get_if<Page>(&found)) {
      co_await send(http::status::ok, "text/html; charset=utf-8", page->html);
    } else if (const auto* file = std::get_if<File>(&found)) {
      co_await send_file(file->path, request[http::field::range]);
    } else if (const auto* events = std::get_if<Events>(&found)) {
      co_await send_events(*events, request["Last-Event-ID"]);
    } else {
      co_await send_text(http::status::not_found, "no such page or file");
    }
  }

  http::status refusal_of(const Request& request) const {
    if (request.version() == 11 && request.count(http::field::host) != 1) {
      return http::status::bad_request;
    }
    if (audience_ == Audience::this_machine && !names_loopback(request[http::field::host])) {
      return http::status::misdirected_request;
    }
    if (request.method() == http::verb::unknown) return http::status::not_implemented;
    return is_ours(request.method()) ? http::status::ok : http::status::method_not_allowed;
  }

  static std::string_view refusal_text(http::status refusal) {
    switch (refusal) {
      case http::status::bad_request:
        return "the request needs exactly one Host field";
      case http::status::misdirected_request:
        return "this server accepts requests to localhost only: open http://localhost, or start "
               "'sunder serve' "
               "with --host";
      default:
        return "only GET and HEAD are supported";
    }
  }

  asio::awaitable<void> send_text(http::status status, std::string_view text) {
    std::string line = fmt::format("{} {}\n", static_cast<unsigned>(status), text);
    co_await send(status, "text/plain; charset=utf-8", std::move(line));
  }

  asio::awaitable<void> send(http::status status, std::string_view content_type, std::string body) {
    http::response<http::string_body> response(status, version_);
    describe(response, content_type);
    if (status == http::status::method_not_allowed) response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(keep_alive_);
    response.body() = std::move(body);
    response.prepare_payload();
    http::response_serializer<http::string_body> serializer(response);
    stream_.expires_after(patience);
    beast::error_code error;
    if (head_only_) {
      std::tie(error, std::ignore) =
          co_await http::async_write_header(stream_, serializer, with_error);
    } else {
      std::tie(error, std::ignore) = co_await http::async_write(stream_, serializer, with_error);
    }
    if (error) keep_alive_ = false;
  }

  asio::awaitable<void> send_file(const std::filesystem::path& path, std::string_view range) {
    const auto file = ServedFile::open(path);
    if (!file) {
      co_await send_text(http::status::not_found, "the file cannot be read");
      co_return;
    }
    const auto [kind, bytes] = range_of(range, file->size());
    auto status = http::status::ok;
    if (kind == RangeKind::part) status = http::status::partial_content;
    if (kind == RangeKind::unsatisfiable) status = http::status::range_not_satisfiable;
    http::response<http::buffer_body> response(status, version_);
    describe(response, content_type_of(path));
    response.set(http::field::accept_ranges, "bytes");
    if (kind == RangeKind::part) {
      response.set(
          http::field::content_range,
          fmt::format("bytes {}-{}/{}", bytes.first, bytes.first + bytes.length - 1, file->size()));
    } else if (kind == RangeKind::unsatisfiable) {
      response.set(http::field::content_range, fmt::format("bytes */{}", file->size()));
    }
    response.keep_alive(keep_alive_);
    response.content_length(bytes.length);
    co_await stream_file(*file, bytes, response);
  }

  /// A piece at a time: the file may be larger than the memory.
  asio::awaitable<void> stream_file(const ServedFile& file, ByteRange bytes,
                                    http::response<http::buffer_body>& response) {
    http::response_serializer<http::buffer_body> serializer(response);
    stream_.expires_after(patience);
    auto [error, written] = co_await http::async_write_header(stream_, serializer, with_error);
    if (head_only_ && !error) co_return;
    std::array<char, 1 << 16> piece;
    while (!error && bytes.length > 0) {
      const auto wanted = std::min<std::uint64_t>(piece.size(), bytes.length);
      const auto count = file.read(bytes.first, {piece.data(), wanted});
      // Another program truncated the file; the announced length cannot be sent.
      if (count == 0) break;
      bytes.first += count;
      bytes.length -= count;
      response.body().data = piece.data();
      response.body().size = count;
      response.body().more = bytes.length > 0;
      stream_.expires_after(patience);
      std::tie(error, written) = co_await http::async_write(stream_, serializer, with_error);
      if (error == http::error::need_buffer) error = {};
    }
    if (error || bytes.length > 0) keep_alive_ = false;
  }

  asio::awaitable<void> send_events(const Events& asked, std::string_view last_id) {
    std::optional<LiveEvents> events;
    try {
      events.emplace(asked.run, asked.report_address, last_id);
    } catch (const std::invalid_argument&) {
    }
    if (!events) {
      co_await send_text(http::status::bad_request, "Last-Event-ID does not belong to this run");
      co_return;
    }
    keep_alive_ = false;
    http::response<http::empty_body> response(http::status::ok, version_);
    describe(response, "text/event-stream");
    response.keep_alive(false);
    http::response_serializer<http::empty_body> serializer(response);
    stream_.expires_after(patience);
    auto [error, written] = co_await http::async_write_header(stream_, serializer, with_error);
    if (head_only_) co_return;
    asio::steady_timer timer(stream_.get_executor());
    for (int silence = 0; !error && !events->ended(); ++silence) {
      std::string text = events->next();
      if (text.empty() && silence < beats_of_silence) {
        timer.expires_after(live_beat);
        co_await timer.async_wait(asio::use_awaitable);
        continue;
      }
      silence = 0;
      if (text.empty()) text = ": still here\n\n";
      stream_.expires_after(patience);
      std::tie(error, written) =
          co_await asio::async_write(stream_, asio::buffer(text), with_error);
    }
  }

  /// Lets what was sent arrive: closing with bytes unread would take it back.
  asio::awaitable<void> close() {
    beast::error_code error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    stream_.expires_after(1s);
    std::array<char, 4096> rest;
    while (!error) {
      std::tie(error, std::ignore) =
          co_await stream_.async_read_some(asio::buffer(rest), with_error);
    }
  }

  beast::tcp_stream stream_;
  const Site& site_;
  Audience audience_;
  beast::flat_buffer buffer_;
  // Of the request that is being answered.
  unsigned version_ = 11;
  bool head_only_ = false;
  bool keep_alive_ = true;
};

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, const Site& site,
                                       Audience audience) {
  Connection connection(std::move(socket), site, audience);
  co_await connection.serve();
}

}  // namespace sunder::harness::serve
