#include "harness/driver/raft/client.h"

#include <algorithm>
#include <stdexcept>

#include "harness/driver/raft/route.h"
#include "harness/driver/value_text.h"
#include "nemesis/link.h"

namespace sunder::harness {

namespace asio = boost::asio;
namespace protocol = client_protocol;
using history::EventType;
using workloads::Call;
using workloads::Completion;
using namespace std::chrono_literals;

namespace {

// Between two attempts, so that a cluster without a leader is not hammered.
constexpr auto pause_between_attempts = 10ms;
// A node that is silent for this share of the call's time is left for another one: clients stuck at
// a node that is cut off would write nothing by which its answers could be seen to be stale.
constexpr int attempts_per_timeout = 3;

history::Value stored_value(const protocol::Reply& reply) {
  return reply.value ? from_stored_text(*reply.value) : history::Value();
}

history::Answer answer_of(const protocol::Reply& reply) {
  history::Answer answer;
  if (reply.status == protocol::Status::mismatch) answer.found = stored_value(reply);
  if (reply.index) answer.revision = static_cast<std::int64_t>(reply.index->value);
  if (reply.term) answer.term = static_cast<std::int64_t>(reply.term->value);
  answer.command = reply.command;
  return answer;
}

protocol::Request to_request(const Call& call, std::uint64_t client, std::uint64_t number) {
  protocol::Request request{client, number, protocol::Operation::read, call.key, {}, {}};
  if (call.f == "read") return request;
  if (call.f == "write") {
    request.operation = protocol::Operation::write;
    request.value = to_stored_text(call.value);
    return request;
  }
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) {
    throw std::logic_error("the raft driver does not know the operation " + call.f);
  }
  request.operation = protocol::Operation::cas;
  if (!pair->front().is_nil()) request.expected = to_stored_text(pair->front());
  request.value = to_stored_text(pair->back());
  return request;
}

class RaftClient final : public Client {
 public:
  RaftClient(const RaftDoors& doors, const std::vector<std::string>& nodes, int home,
             history::ProcessId process)
      : time_(doors.time()),
        nodes_(nodes),
        home_(static_cast<std::size_t>(home)),
        client_(static_cast<std::uint64_t>(process) + 1),
        alarm_(time_.make_alarm()) {
    for (const auto& node : nodes) connections_.push_back(doors.dial(node));
  }

  asio::awaitable<Completion> invoke(Call call, std::chrono::nanoseconds timeout) override {
    const auto deadline = time_.now() + timeout;
    const auto request = to_request(call, client_, ++last_request_);
    const auto line = protocol::to_json_line(request) + "\n";
    bool maybe_taken = false;
    RaftRoute route(nodes_, home_);
    while (time_.now() < deadline) {
      const auto until = std::min(deadline, time_.now() + timeout / attempts_per_timeout);
      const auto attempt = co_await connections_[route.node()]->ask(line, request.request, until);
      maybe_taken |= attempt.maybe_taken();
      if (attempt.reply) {
        if (auto completion = classify(call, *attempt.reply)) {
          completion->answer->node = name_of(NodeId{static_cast<int>(route.node()) + 1});
          co_return *completion;
        }
        if (route.follow(*attempt.reply)) continue;
      }
      route.go_on();
      alarm_->set(std::min(deadline, time_.now() + pause_between_attempts));
      co_await alarm_->wait();
    }
    const bool definite = call.f == "read" || !maybe_taken;
    co_return Completion{definite ? EventType::fail : EventType::info, call.value, "timeout"};
  }

 private:
  const nemesis::Timekeeper& time_;
  std::vector<std::string> nodes_;
  /// To each of them.
  std::vector<std::unique_ptr<RaftConversation>> connections_;
  std::size_t home_;
  std::uint64_t client_;
  std::uint64_t last_request_ = 0;
  std::unique_ptr<nemesis::Alarm> alarm_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const protocol::Reply& reply) {
  const bool read = call.f == "read";
  const auto answer = answer_of(reply);
  switch (reply.status) {
    case protocol::Status::ok:
      return Completion{EventType::ok, read ? stored_value(reply) : call.value, {}, answer};
    case protocol::Status::mismatch:
      return Completion{EventType::fail, call.value, "mismatch", answer};
    case protocol::Status::session_expired:
      return Completion{read ? EventType::fail : EventType::info, call.value, "session expired",
                        answer};
    case protocol::Status::bad_request:
      return Completion{EventType::fail, call.value, reply.message, answer};
    case protocol::Status::not_leader:
    case protocol::Status::unknown:
      break;
  }
  return std::nullopt;
}

std::unique_ptr<Client> make_raft_client(const RaftDoors& doors,
                                         const std::vector<std::string>& nodes, int home,
                                         history::ProcessId process) {
  return std::make_unique<RaftClient>(doors, nodes, home, process);
}

}  // namespace sunder::harness
