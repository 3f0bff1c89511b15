#include "harness/driver/ovsdb/administrator.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <sstream>
#include <utility>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "harness/driver/ovsdb/json_rpc.h"
#include "harness/driver/ovsdb/status.h"

namespace sunder::harness::ovsdb {

namespace asio = boost::asio;
using nemesis::Administrator;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto order_patience = 1s;
// With one server, which may be paused.
constexpr auto answer_patience = 300ms;
constexpr auto pause_between_looks = 10ms;

constexpr std::string_view uncommitted = "Entries not yet committed: ";

std::uint64_t number_behind(std::string_view line, std::string_view what) {
  std::uint64_t number = 0;
  const auto text = line.substr(std::min(line.find(what), line.size()));
  const auto digits = text.substr(std::min(what.size(), text.size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

class OvsdbAdministrator final : public Administrator {
 public:
  OvsdbAdministrator(asio::io_context& io, std::vector<std::string> sockets)
      : io_(io), sockets_(std::move(sockets)) {}

  Outsider outsider() const override { return Outsider::ends; }

  asio::awaitable<Answer> transfer_leadership(NodeId) override {
    co_return Answer{Outcome::refused, "ovsdb-server takes no orders who is to lead"};
  }

  asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) override {
    const auto deadline = Clock::now() + order_patience;
    bool has_changed = false;
    for (const NodeId node : nodes) {
      Answer answer = co_await remove_one(node, deadline);
      if (answer.outcome == Outcome::refused && has_changed) answer.outcome = Outcome::unknown;
      if (answer.outcome != Outcome::done) co_return answer;
      has_changed = true;
    }
    co_return Answer{};
  }

  // They ask by themselves.
  asio::awaitable<Answer> add_voters(std::vector<NodeId>) override { co_return Answer{}; }

  asio::awaitable<bool> has_come_in(NodeId node) override {
    const auto said = co_await status_of(node);
    if (!said) co_return false;
    co_return parse_status(*said).has_value();
  }

 private:
  // The answer to a kick confirms only that it was received; so sunder reads the leader's list
  // until the server is gone from it.
  asio::awaitable<Answer> remove_one(NodeId node, Clock::time_point deadline) {
    const auto address = fmt::format("unix:{}.sock", name_of(node));
    bool is_ordered = false;
    // Since when it is gone from the list: the change is among the entries before.
    std::optional<Servers> without_it;
    asio::steady_timer timer(io_);
    while (Clock::now() < deadline) {
      for (const NodeId asked : nemesis::all_nodes(static_cast<int>(sockets_.size()))) {
        const auto said = co_await status_of(asked);
        if (!said) continue;
        const auto servers = parse_servers(*said);
        if (servers.all.empty()) continue;
        bool is_there = false;
        for (const auto& server : servers.all) {
          if (server.address != address) continue;
          is_there = true;
          is_ordered = true;
          const json words = json::array({"KV", server.id});
          co_await ask(asked, "cluster/kick", words);
        }
        if (is_there) continue;
        if (!without_it || without_it->term != servers.term) without_it = servers;
        if (servers.committed_end >= without_it->log_end) co_return Answer{};
      }
      timer.expires_after(pause_between_looks);
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return is_ordered ? Answer{Outcome::unknown, "the leader still lists the server"}
                         : Answer{Outcome::refused, "no server said that it leads"};
  }

  asio::awaitable<std::optional<std::string>> status_of(NodeId node) {
    const json words = json::array({"KV"});
    co_return co_await ask(node, "cluster/status", words);
  }

  // What the server answers; nothing if it refuses, too.
  asio::awaitable<std::optional<std::string>> ask(NodeId node, std::string order, json words) {
    const asio::local::stream_protocol::endpoint endpoint(sockets_.at(position_of(node)));
    JsonRpcConnection connection(io_, endpoint);
    const auto until = Clock::now() + answer_patience;
    const auto attempt = co_await connection.ask(std::move(order), std::move(words), until);
    if (!attempt.answer || !attempt.answer->contains("result")) co_return std::nullopt;
    const auto& result = attempt.answer->at("result");
    if (!result.is_string()) co_return std::nullopt;
    co_return result.get<std::string>();
  }

  asio::io_context& io_;
  std::vector<std::string> sockets_;
};

}  // namespace

Servers parse_servers(std::string_view status) {
  Servers servers;
  bool leads = false;
  bool is_in_list = false;
  std::istringstream lines{std::string(status)};
  for (std::string line; std::getline(lines, line);) {
    leads |= line == "Role: leader";
    if (line.starts_with("Term: ")) servers.term = number_behind(line, "Term: ");
    // "Log: [2, 10]", whose end is the first entry that is not there.
    if (line.starts_with("Log: [")) servers.log_end = number_behind(line, ", ");
    if (line.starts_with(uncommitted)) {
      servers.committed_end = servers.log_end - number_behind(line, uncommitted);
    }
    if (line == "Servers:") {
      is_in_list = true;
    } else if (is_in_list) {
      // "    n2 (3f29 at unix:n2.sock) next_index=8 ..."
      const auto id = line.find('(') + 1;
      const auto at = line.find(" at ", id);
      const auto end = line.find(')', id);
      if (id == 0 || at == std::string::npos || end == std::string::npos || end < at) continue;
      const auto address = at + std::string_view(" at ").size();
      servers.all.push_back({line.substr(id, at - id), line.substr(address, end - address)});
    }
  }
  if (!leads) servers.all.clear();
  return servers;
}

std::unique_ptr<Administrator> make_administrator(asio::io_context& io,
                                                  std::vector<std::string> sockets) {
  return std::make_unique<OvsdbAdministrator>(io, std::move(sockets));
}

}  // namespace sunder::harness::ovsdb
