#include "harness/simulation/simulated_doors.h"

#include <utility>

#include <fmt/format.h>

#include "node/api/admin_protocol.h"

namespace sunder::harness::simulation {

namespace asio = boost::asio;

class SimulatedDoors::Conversation final : public RaftConversation {
 public:
  Conversation(const SimulatedDoors& doors, NodeId node)
      : doors_(doors), node_(node), alarm_(doors.time_.make_alarm()) {}

  asio::awaitable<RaftAttempt> ask(std::string line, std::uint64_t,
                                   std::chrono::steady_clock::time_point until) override {
    RaftAttempt attempt;
    if (!doors_.cluster_.is_up(node_)) co_return attempt;
    attempt.left = true;
    line.pop_back();
    const auto connection = doors_.next_++;
    doors_.waiting_.emplace(connection, Waiting{node_, *alarm_, attempt});
    if (admin_protocol::is_admin_line(line)) {
      doors_.cluster_.administer(node_, admin_protocol::parse_request(line), connection);
    } else {
      doors_.cluster_.submit(node_, connection, client_protocol::parse_request(line));
    }
    alarm_->set(until);
    co_await alarm_->wait();
    doors_.waiting_.erase(connection);
    co_return attempt;
  }

 private:
  const SimulatedDoors& doors_;
  NodeId node_;
  std::unique_ptr<nemesis::Alarm> alarm_;
};

std::unique_ptr<RaftConversation> SimulatedDoors::dial(const std::string& address) const {
  return std::make_unique<Conversation>(*this, NodeId{std::stoi(address)});
}

std::vector<std::string> SimulatedDoors::addresses() const {
  std::vector<std::string> addresses;
  for (const auto node : cluster_.nodes()) addresses.push_back(fmt::format("{}", node.value));
  return addresses;
}

void SimulatedDoors::answered(Clients::Connection connection, const client_protocol::Reply& reply) {
  const auto waiting = waiting_.find(connection);
  if (waiting == waiting_.end()) return;
  waiting->second.attempt.reply = reply;
  waiting->second.alarm.cancel();
}

void SimulatedDoors::went_down(NodeId node) {
  for (auto& [connection, waiting] : waiting_) {
    if (waiting.node == node) waiting.alarm.cancel();
  }
}

}  // namespace sunder::harness::simulation
