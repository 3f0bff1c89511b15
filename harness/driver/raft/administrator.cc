#include "harness/driver/raft/administrator.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/driver/raft/route.h"
#include "node/api/admin_protocol.h"

namespace sunder::harness {

namespace asio = boost::asio;
using nemesis::Administrator;
using Action = admin_protocol::Action;
using Outcome = Administrator::Outcome;
using Clock = nemesis::Timekeeper::Clock;
using namespace std::chrono_literals;

namespace {

constexpr auto order_patience = 1s;
// A change of voters waits for a newcomer's log; a node that is silent for longer may be stopped.
constexpr auto attempt_patience = 500ms;
constexpr auto witness_patience = 200ms;
constexpr auto pause_between_nodes = 10ms;

// In what `show` answers.
bool names_nowhere(const std::string& configuration, NodeId node) {
  const auto shown = nlohmann::json::parse(configuration);
  const auto is_in = [&](const char* part) {
    const auto& list = shown.at(part);
    return std::find(list.begin(), list.end(), nlohmann::json(node.value)) != list.end();
  };
  return !is_in("voters") && !is_in("outgoing") && !is_in("learners");
}

class RaftAdministrator final : public Administrator {
 public:
  RaftAdministrator(const RaftDoors& doors, std::vector<std::string> nodes)
      : doors_(doors), time_(doors.time()), nodes_(std::move(nodes)) {}

  asio::awaitable<Answer> transfer_leadership(NodeId to) override {
    return order(Action::transfer, {to});
  }
  asio::awaitable<Answer> remove_voters(std::vector<NodeId> nodes) override {
    return order(Action::remove, std::move(nodes));
  }
  asio::awaitable<Answer> add_voters(std::vector<NodeId> nodes) override {
    return order(Action::add, std::move(nodes));
  }

  asio::awaitable<bool> knows_of_removal(NodeId witness, NodeId node) override {
    const admin_protocol::Request request{++last_request_, Action::show, {}};
    const auto attempt =
        co_await ask(position_of(witness), request, time_.now() + witness_patience);
    const auto* shown = attempt.reply ? attempt.reply->value.text() : nullptr;
    co_return shown != nullptr&& names_nowhere(*shown, node);
  }

 private:
  // First to the presumed leader, then to the leader that a node names, then to each node in turn.
  asio::awaitable<Answer> order(Action action, std::vector<NodeId> nodes) {
    const admin_protocol::Request request{++last_request_, action, {nodes.begin(), nodes.end()}};
    const auto deadline = time_.now() + order_patience;
    bool maybe_taken = false;
    RaftRoute route(nodes_, leader_);
    const auto alarm = time_.make_alarm();
    while (time_.now() < deadline) {
      const auto until = std::min(deadline, time_.now() + attempt_patience);
      const auto attempt = co_await ask(route.node(), request, until);
      maybe_taken |= attempt.maybe_taken();
      if (attempt.reply) {
        auto answer = classify_order(*attempt.reply);
        // What refuses it here may be the order itself, taken by a node that did not answer.
        if (answer && answer->outcome == Outcome::refused && maybe_taken) {
          answer->outcome = Outcome::unknown;
        }
        if (answer) {
          leader_ = route.node();
          co_return *answer;
        }
        if (route.follow(*attempt.reply)) continue;
      }
      route.go_on();
      alarm->set(std::min(deadline, time_.now() + pause_between_nodes));
      co_await alarm->wait();
    }
    leader_ = route.node();
    co_return maybe_taken ? Answer{Outcome::unknown, "no node said what came of it"}
                          : Answer{Outcome::refused, "no node took it as the leader"};
  }

  // Orders may overlap, so each attempt has a connection of its own.
  asio::awaitable<RaftAttempt> ask(std::size_t node, admin_protocol::Request request,
                                   Clock::time_point until) {
    const auto conversation = doors_.dial(nodes_.at(node));
    auto line = to_json_line(request) + "\n";
    co_return co_await conversation->ask(std::move(line), request.request, until);
  }

  const RaftDoors& doors_;
  const nemesis::Timekeeper& time_;
  std::vector<std::string> nodes_;
  // The node that answered the last order, or the next one to try.
  std::size_t leader_ = 0;
  std::uint64_t last_request_ = 0;
};

}  // namespace

std::optional<Administrator::Answer> classify_order(const client_protocol::Reply& reply) {
  switch (reply.status) {
    case client_protocol::Status::ok:
      return Administrator::Answer{Outcome::done, {}};
    case client_protocol::Status::bad_request:
      return Administrator::Answer{Outcome::refused, reply.message};
    case client_protocol::Status::unknown:
      return Administrator::Answer{Outcome::unknown, reply.message};
    default:
      break;
  }
  return std::nullopt;
}

std::unique_ptr<Administrator> make_raft_administrator(const RaftDoors& doors,
                                                       const std::vector<std::string>& nodes) {
  return std::make_unique<RaftAdministrator>(doors, nodes);
}

}  // namespace sunder::harness
