#include "harness/driver/ovsdb/status.h"

#include <charconv>
#include <cstdint>

#include <boost/asio/local/stream_protocol.hpp>

#include "harness/driver/ovsdb/json_rpc.h"

namespace sunder::harness::ovsdb {

namespace {

// The text behind "Role: " on its line.
std::string_view field(std::string_view text, std::string_view label) {
  const auto found = text.find("\n" + std::string(label) + ": ");
  if (found == std::string_view::npos) return {};
  const auto from = found + label.size() + 3;
  return text.substr(from, text.find('\n', from) - from);
}

class OvsdbStatusReader final : public StatusReader {
 public:
  OvsdbStatusReader(boost::asio::io_context& io, const std::string& path)
      : connection_(io, boost::asio::local::stream_protocol::endpoint(path)) {}

  boost::asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) override {
    nlohmann::json database = nlohmann::json::array({"KV"});
    const auto attempt = co_await connection_.ask("cluster/status", database, until);
    if (!attempt.answer || !attempt.answer->contains("result")) co_return std::nullopt;
    const auto& result = attempt.answer->at("result");
    if (!result.is_string()) co_return std::nullopt;
    co_return parse_status(result.get<std::string>());
  }

 private:
  JsonRpcConnection connection_;
};

}  // namespace

std::optional<NodeStatus> parse_status(std::string_view text) {
  if (field(text, "Status") != "cluster member") return std::nullopt;
  const auto role = field(text, "Role");
  const auto term = field(text, "Term");
  NodeStatus status;
  status.role = role == "leader"      ? NodeStatus::Role::leader
                : role == "candidate" ? NodeStatus::Role::candidate
                                      : NodeStatus::Role::follower;
  const auto parsed = std::from_chars(term.data(), term.data() + term.size(), status.term);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return status;
}

std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                 const std::string& path) {
  return std::make_unique<OvsdbStatusReader>(io, path);
}

}  // namespace sunder::harness::ovsdb
