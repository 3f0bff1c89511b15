#include "harness/driver/ovsdb/json_rpc.h"

#include <sstream>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "harness/driver/own_failure.h"

namespace sunder::harness::ovsdb {

namespace asio = boost::asio;
using nlohmann::json;

std::optional<json> take_object(std::string& received) {
  if (received.empty()) return std::nullopt;
  std::istringstream text(received);
  json object;
  try {
    text >> object;
  } catch (const json::parse_error& error) {
    // At its end: the rest is still to come.
    if (error.byte > received.size()) return std::nullopt;
    throw std::invalid_argument("no JSON: " + received.substr(0, 100));
  }
  if (!object.is_object()) throw std::invalid_argument("no object: " + object.dump());
  received.erase(0, static_cast<std::size_t>(text.tellg()));
  return object;
}

asio::awaitable<Attempt> JsonRpcConnection::ask(std::string method, json parameters,
                                                std::chrono::steady_clock::time_point until) {
  boost::system::error_code error;
  stream_.expires_at(until);
  if (!connected_) {
    co_await stream_.async_connect(endpoint_, asio::redirect_error(asio::use_awaitable, error));
    throw_if_own_failure(error);
    if (error) {
      close();
      co_return Attempt();
    }
    connected_ = true;
  }
  json request{{"method", method}, {"id", ++last_id_}};
  request["params"] = std::move(parameters);
  const auto attempt = co_await talk(request.dump(), last_id_);
  if (!attempt.answer) close();
  co_return attempt;
}

asio::awaitable<Attempt> JsonRpcConnection::talk(std::string request, std::uint64_t id) {
  Attempt attempt;
  attempt.left = true;
  boost::system::error_code error;
  auto use = asio::redirect_error(asio::use_awaitable, error);
  co_await asio::async_write(stream_, asio::buffer(request), use);
  std::string buffer(65536, '\0');
  while (!error) {
    std::optional<json> object;
    try {
      object = take_object(received_);
    } catch (const std::invalid_argument&) {
      co_return attempt;
    }
    if (!object) {
      const auto size = co_await stream_.async_read_some(asio::buffer(buffer), use);
      received_.append(buffer, 0, size);
    } else if (object->value("method", "") == "echo") {
      json reply{{"error", nullptr}, {"id", object->value("id", json())}};
      reply["result"] = object->value("params", json());
      const auto text = reply.dump();
      co_await asio::async_write(stream_, asio::buffer(text), use);
    } else if (object->value("id", json()) == id) {
      attempt.answer = std::move(object);
      co_return attempt;
    }
  }
  co_return attempt;
}

void JsonRpcConnection::close() {
  boost::system::error_code ignored;
  stream_.socket().close(ignored);
  received_.clear();
  connected_ = false;
}

}  // namespace sunder::harness::ovsdb
