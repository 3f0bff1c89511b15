#include "harness/driver/etcd/administrator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/driver/base64.h"
#include "harness/driver/etcd/error_message.h"

namespace sunder::harness::etcd {

namespace asio = boost::asio;
using nemesis::Administrator;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

/// The members, as reported by a node that had every committed entry when it was asked.
struct Roll {
  std::size_t told_by = 0;
  std::vector<Member> members;
};

class EtcdAdministrator final : public Administrator {
 public:
  EtcdAdministrator(asio::io_context& io, Gateways gateways,
                    std::shared_ptr<std::set<NodeId>> belonging)
      : io_(io), gateways_(std::move(gateways)), belonging_(std::move(belonging)) {}

  Outsider outsider() const override { return Outsider::ends; }

  asio::awaitable<Answer> transfer_leadership(NodeId to) override {
    const auto deadline = Clock::now() + gateways_.order_patience;
    const auto roll = co_await call_roll(deadline);
    if (!roll) co_return Answer{Outcome::refused, nobody_answered};
    const auto* heir = member_at(*roll, to);
    if (heir == nullptr) {
      co_return Answer{Outcome::refused, name_of(to) + " is no member"};
    }
    const auto leader = co_await leader_known_to(*roll, deadline);
    if (!leader) co_return Answer{Outcome::refused, "no node is known to lead"};
    if (*leader == to) {
      co_return Answer{Outcome::refused, name_of(to) + " leads already"};
    }
    const json order{{"targetID", heir->id}};
    const auto attempt =
        co_await post(position_of(*leader), "/v3/maintenance/transfer-leadership", order, deadline);
    co_return classify_order(attempt);
  }

  asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) override {
    return change(Change::removal, std::move(nodes));
  }
  asio::awaitable<Answer> add_voters(std::vector<NodeId> nodes) override {
    return change(Change::addition, std::move(nodes));
  }

  asio::awaitable<bool> has_come_in(NodeId node) override {
    const auto roll = co_await call_roll(Clock::now() + gateways_.order_patience);
    if (!roll) co_return false;
    const auto* member = member_at(*roll, node);
    co_return member != nullptr && member->is_named;
  }

 private:
  enum class Change { removal, addition };
  static constexpr const char* nobody_answered = "no node answered with a majority";

  // One after the other, as etcd has it.
  asio::awaitable<Answer> change(Change change, std::vector<NodeId> nodes) {
    const auto deadline = Clock::now() + gateways_.order_patience;
    bool has_changed = false;
    for (const NodeId node : nodes) {
      Answer answer = co_await change_one(change, node, deadline);
      if (answer.outcome == Outcome::refused && has_changed) answer.outcome = Outcome::unknown;
      if (answer.outcome != Outcome::done) co_return answer;
      has_changed = true;
    }
    co_return Answer{};
  }

  asio::awaitable<Answer> change_one(Change change, NodeId node, Clock::time_point deadline) {
    const auto roll = co_await call_roll(deadline);
    if (!roll) co_return Answer{Outcome::refused, nobody_answered};
    const auto* member = member_at(*roll, node);
    HttpAttempt attempt;
    if (change == Change::removal) {
      if (member == nullptr) co_return Answer{};
      const json order{{"ID", member->id}};
      attempt = co_await post(roll->told_by, "/v3/cluster/member/remove", order, deadline);
    } else {
      if (member != nullptr) co_return Answer{};
      const json order{{"peerURLs", json::array({peer_url(node)})}};
      attempt = co_await post(roll->told_by, "/v3/cluster/member/add", order, deadline);
    }
    auto answer = classify_order(attempt);
    if (answer.outcome == Outcome::done && change == Change::removal) belonging_->erase(node);
    if (answer.outcome == Outcome::done && change == Change::addition) belonging_->insert(node);
    co_return answer;
  }

  // The list is what a node has by itself, which may be old; a read by quorum before makes it new.
  // Starts with the node that answered last.
  asio::awaitable<std::optional<Roll>> call_roll(Clock::time_point deadline) {
    const json any_key{{"key", to_base64("x")}};
    const json nothing = json::object();
    for (std::size_t tried = 0; tried < gateways_.clients.size() && Clock::now() < deadline;
         ++tried) {
      const std::size_t node = teller_;
      const auto until = std::min(deadline, Clock::now() + gateways_.majority_patience);
      const auto read = co_await post(node, "/v3/kv/range", any_key, until);
      if (read.reply && read.reply->status == 200) {
        const auto list = co_await post(node, "/v3/cluster/member/list", nothing, until);
        if (list.reply && list.reply->status == 200) {
          Roll roll{node, parse_members(list.reply->body)};
          if (!roll.members.empty()) {
            remember(roll);
            co_return roll;
          }
        }
      }
      teller_ = (node + 1) % gateways_.clients.size();
    }
    co_return std::nullopt;
  }

  asio::awaitable<std::optional<NodeId>> leader_known_to(Roll roll, Clock::time_point until) {
    const json nothing = json::object();
    const auto status = co_await post(roll.told_by, "/v3/maintenance/status", nothing, until);
    if (!status.reply || status.reply->status != 200) co_return std::nullopt;
    const auto said = json::parse(status.reply->body, nullptr, false);
    if (!said.is_object() || !said.contains("leader")) co_return std::nullopt;
    for (const NodeId node : nodes()) {
      const auto* member = member_at(roll, node);
      if (member != nullptr && said["leader"] == member->id) co_return node;
    }
    co_return std::nullopt;
  }

  // Orders may overlap, so each attempt has a connection of its own.
  asio::awaitable<HttpAttempt> post(std::size_t node, std::string target, json body,
                                    Clock::time_point until) {
    HttpConnection connection(io_, gateways_.clients.at(node));
    co_return co_await connection.post(std::move(target), body.dump(), until);
  }

  void remember(const Roll& roll) {
    belonging_->clear();
    for (const NodeId node : nodes()) {
      if (member_at(roll, node) != nullptr) belonging_->insert(node);
    }
  }

  std::vector<NodeId> nodes() const {
    return nemesis::all_nodes(static_cast<int>(gateways_.doors.size()));
  }

  std::string peer_url(NodeId node) const {
    return "http://" + gateways_.doors.at(position_of(node));
  }

  const Member* member_at(const Roll& roll, NodeId node) const {
    const auto url = peer_url(node);
    const auto found = std::find_if(roll.members.begin(), roll.members.end(),
                                    [&url](const Member& each) { return each.peer_url == url; });
    return found == roll.members.end() ? nullptr : &*found;
  }

  asio::io_context& io_;
  Gateways gateways_;
  std::shared_ptr<std::set<NodeId>> belonging_;
  std::size_t teller_ = 0;
};

}  // namespace

std::vector<Member> parse_members(std::string_view body) {
  std::vector<Member> members;
  try {
    const auto answer = json::parse(body);
    for (const auto& member : answer.at("members")) {
      members.push_back({member.at("ID").get<std::string>(),
                         member.at("peerURLs").at(0).get<std::string>(),
                         !member.value("name", "").empty()});
    }
  } catch (const json::exception&) {
    return {};
  }
  return members;
}

Administrator::Answer classify_order(const HttpAttempt& attempt) {
  using Outcome = Administrator::Outcome;
  if (!attempt.left) return {Outcome::refused, "the node was not reached"};
  if (!attempt.reply) return {Outcome::unknown, "no answer"};
  const auto status = attempt.reply->status;
  if (status == 200) return {};
  const bool is_refused = status >= 400 && status < 500;
  return {is_refused ? Outcome::refused : Outcome::unknown, message_in(*attempt.reply)};
}

std::unique_ptr<Administrator> make_administrator(asio::io_context& io, Gateways gateways,
                                                  std::shared_ptr<std::set<NodeId>> belonging) {
  return std::make_unique<EtcdAdministrator>(io, std::move(gateways), std::move(belonging));
}

}  // namespace sunder::harness::etcd
