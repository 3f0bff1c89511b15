#include "harness/driver/etcd/status.h"

#include <nlohmann/json.hpp>

#include "harness/driver/http_connection.h"

namespace sunder::harness::etcd {

namespace {

NodeStatus::Role role_named(std::string_view name) {
  if (name == "StateLeader") return NodeStatus::Role::leader;
  if (name == "StateFollower") return NodeStatus::Role::follower;
  return NodeStatus::Role::candidate;
}

class EtcdStatusReader final : public StatusReader {
 public:
  EtcdStatusReader(boost::asio::io_context& io, const std::string& node) : connection_(io, node) {}

  boost::asio::awaitable<std::optional<NodeStatus>> ask(
      std::chrono::steady_clock::time_point until) override {
    const auto attempt = co_await connection_.get("/debug/vars", until);
    if (!attempt.reply || attempt.reply->status != 200) co_return std::nullopt;
    co_return parse_status(attempt.reply->body);
  }

 private:
  HttpConnection connection_;
};

}  // namespace

std::optional<NodeStatus> parse_status(std::string_view variables) {
  const auto document = nlohmann::json::parse(variables, nullptr, false);
  if (!document.is_object() || !document.contains("raft.status")) return std::nullopt;
  const auto& raft = document["raft.status"];
  if (!raft.is_object() || !raft.contains("raftState") || !raft.contains("term")) {
    return std::nullopt;
  }
  return NodeStatus{role_named(raft["raftState"].get<std::string>()),
                    raft["term"].get<std::uint64_t>()};
}

std::unique_ptr<StatusReader> make_status_reader(boost::asio::io_context& io,
                                                 const std::string& node) {
  return std::make_unique<EtcdStatusReader>(io, node);
}

}  // namespace sunder::harness::etcd
