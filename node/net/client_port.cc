#include "node/net/client_port.h"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "node/api/address.h"
#include "node/api/json_object.h"
#include "node/log_line.h"
#include "node/net/completion.h"

namespace sunder {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using client_protocol::Reply;
using client_protocol::Status;

constexpr std::size_t max_line_bytes = 1 << 20;
/// A client that sends requests and never reads the replies is disconnected.
constexpr std::size_t max_outbox_bytes = 64 << 20;

std::optional<std::uint64_t> request_number_in(std::string_view line) {
  try {
    return JsonObject::parse(line).optional_unsigned_integer("request");
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::string peer_of(const tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? "a closed connection" : to_text(endpoint);
}

}  // namespace

struct ClientPort::Session {
  Session(Connection number, tcp::socket its_socket)
      : id(number),
        socket(std::move(its_socket)),
        outbox_filled(socket.get_executor(), asio::steady_timer::time_point::max()) {}

  Connection id;
  tcp::socket socket;
  std::string inbox;
  std::string outbox;
  /// Cancelled when there are bytes to write or the connection is closed.
  asio::steady_timer outbox_filled;
};

ClientPort::ClientPort(asio::io_context& io, const tcp::endpoint& address, OnRequest on_request,
                       OnAdmin on_admin)
    : io_(io),
      on_request_(std::move(on_request)),
      on_admin_(std::move(on_admin)),
      listener_(io, address, [this](tcp::socket socket) { begin(std::move(socket)); }) {}

void ClientPort::begin(tcp::socket socket) {
  const auto session = std::make_shared<Session>(next_++, std::move(socket));
  sessions_.emplace(session->id, session);
  asio::co_spawn(io_, read_requests(session), rethrow);
  asio::co_spawn(io_, write_answers(session), rethrow);
}

void ClientPort::answer(Connection connection, const Reply& reply) {
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  auto& session = *found->second;
  session.outbox += client_protocol::to_json_line(reply);
  session.outbox += '\n';
  session.outbox_filled.cancel();
}

asio::awaitable<void> ClientPort::read_requests(std::shared_ptr<Session> session) {
  try {
    std::array<char, std::size_t{16} << 10> chunk;
    for (;;) {
      const auto count =
          co_await session->socket.async_read_some(asio::buffer(chunk), asio::use_awaitable);
      session->inbox.append(chunk.data(), count);
      take_lines(*session);
    }
  } catch (const boost::system::system_error&) {
    // The client closed the connection.
  } catch (const std::exception& error) {
    log_line("client {}: {}; its connection is closed", peer_of(session->socket), error.what());
  }
  close(*session);
}

void ClientPort::take_lines(Session& session) {
  std::string_view rest = session.inbox;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    take_line(session, rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (rest.size() > max_line_bytes || session.outbox.size() > max_outbox_bytes) {
    throw std::runtime_error(rest.size() > max_line_bytes
                                 ? fmt::format("a line of more than {} bytes", max_line_bytes)
                                 : "does not read its answers");
  }
  session.inbox.erase(0, session.inbox.size() - rest.size());
}

void ClientPort::take_line(Session& session, std::string_view line) {
  try {
    if (admin_protocol::is_admin_line(line)) {
      on_admin_(session.id, admin_protocol::parse_request(line));
    } else {
      on_request_(session.id, client_protocol::parse_request(line));
    }
  } catch (const std::invalid_argument& error) {
    const auto number = request_number_in(line);
    if (!number) throw;
    answer(session.id, Reply{*number, Status::bad_request, {}, {}, error.what()});
  }
}

asio::awaitable<void> ClientPort::write_answers(std::shared_ptr<Session> session) {
  error_code error;
  while (session->socket.is_open() && !error) {
    if (session->outbox.empty()) {
      error_code woken;
      co_await session->outbox_filled.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      continue;
    }
    const auto sending = std::exchange(session->outbox, {});
    co_await asio::async_write(session->socket, asio::buffer(sending),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  close(*session);
}

void ClientPort::close(Session& session) {
  error_code ignored;
  session.socket.close(ignored);
  session.outbox_filled.cancel();
  sessions_.erase(session.id);
}

}  // namespace sunder
