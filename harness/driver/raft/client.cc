#include "harness/driver/raft/client.h"

#include <algorithm>
#include <utility>

#include "harness/driver/raft/accounts.h"
#include "harness/driver/raft/operation.h"
#include "harness/driver/raft/route.h"
#include "nemesis/link.h"

namespace sunder::harness {

namespace asio = boost::asio;
namespace protocol = client_protocol;
using history::EventType;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;
using namespace std::chrono_literals;

namespace {

// Between two attempts, so that a cluster without a leader is not hammered.
constexpr auto pause_between_attempts = 10ms;
// A node that is silent for this share of the call's time is left for another one: clients stuck at
// a node that is cut off would write nothing by which its answers could be seen to be stale.
constexpr int attempts_per_timeout = 3;

/// What a refused operation found, if its refusal says so.
std::optional<history::Value> found_by(const protocol::Reply& reply) {
  switch (reply.status) {
    case protocol::Status::mismatch:
    case protocol::Status::empty:
    case protocol::Status::held:
    case protocol::Status::not_held:
      // A refused transaction has no key that this could be said of.
      if (!reply.at) return raft_value(reply.value);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

/// It did not get the request through, or does not know what became of it.
bool is_open(const protocol::Reply& reply) {
  return reply.status == protocol::Status::not_leader || reply.status == protocol::Status::unknown;
}

history::Answer answer_of(const Call& call, const protocol::Reply& reply) {
  history::Answer answer;
  answer.found = found_by(reply);
  if (reply.index) answer.revision = static_cast<std::int64_t>(reply.index->value);
  if (reply.term) answer.term = static_cast<std::int64_t>(reply.term->value);
  answer.command = reply.command;
  const bool changes_nothing = workloads::only_reads(call) || reply.status != protocol::Status::ok;
  if (call.kind != Kind::versioned_register || !changes_nothing) return answer;
  // The version that it saw is not the place of its own entry.
  answer.term.reset();
  answer.revision.reset();
  if (reply.version) answer.revision = static_cast<std::int64_t>(reply.version->value);
  return answer;
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
    std::string why;
    try {
      co_return co_await perform(call, timeout);
    } catch (const UnexpectedReply& reply) {
      why = reply.what();
    }
    co_return unanswered(call, std::move(why));
  }

 private:
  asio::awaitable<Completion> perform(Call call, std::chrono::nanoseconds timeout) {
    const Until until{time_.now() + timeout, timeout / attempts_per_timeout};
    const bool is_of_accounts = call.kind == Kind::accounts;
    if (is_of_accounts && call.f == "read") co_return co_await read_accounts(call, until);
    if (is_of_accounts && call.f == "transfer") co_return co_await transfer(call, until);
    const auto request = is_of_accounts ? accounts::to_open(call) : raft_request(call);
    const auto asked = co_await ask_once(request, until);
    co_return complete(call, asked);
  }

  struct Until {
    std::chrono::steady_clock::time_point deadline;
    std::chrono::nanoseconds attempt;
  };
  struct Asked {
    /// One that is no reason to try again, and who gave it.
    std::optional<protocol::Reply> reply;
    std::string node;
    bool maybe_taken = false;
  };

  asio::awaitable<Asked> ask(protocol::Request request, Until until) {
    const auto line = protocol::to_json_line(request) + "\n";
    Asked asked;
    RaftRoute route(nodes_, home_);
    while (time_.now() < until.deadline) {
      const auto attempt_ends = std::min(until.deadline, time_.now() + until.attempt);
      const auto attempt =
          co_await connections_[route.node()]->ask(line, request.request, attempt_ends);
      asked.maybe_taken |= attempt.maybe_taken();
      if (attempt.reply) {
        if (!is_open(*attempt.reply)) {
          asked.reply = attempt.reply;
          asked.node = name_of(NodeId{static_cast<int>(route.node()) + 1});
          co_return asked;
        }
        if (route.follow(*attempt.reply)) continue;
      }
      route.go_on();
      alarm_->set(std::min(until.deadline, time_.now() + pause_between_attempts));
      co_await alarm_->wait();
    }
    co_return asked;
  }

  asio::awaitable<Asked> ask_once(protocol::Request request, Until until) {
    request.client = client_;
    request.request = ++last_request_;
    return ask(std::move(request), until);
  }

  static Completion complete(const Call& call, const Asked& asked) {
    if (asked.reply) {
      auto completion = *classify(call, *asked.reply);
      completion.answer->node = asked.node;
      return completion;
    }
    const bool definite = workloads::only_reads(call) || !asked.maybe_taken;
    return {definite ? EventType::fail : EventType::info, call.value, "timeout"};
  }

  asio::awaitable<Completion> read_accounts(Call call, Until until) {
    if (accounts_.empty()) {
      const auto named = co_await ask_once(accounts::to_learn_names(), until);
      if (named.reply) accounts_ = accounts::names_in(*named.reply);
      if (accounts_.empty()) {
        co_return Completion{EventType::fail, call.value,
                             named.reply ? "there are no accounts" : "timeout"};
      }
    }
    const auto asked = co_await ask_once(accounts::to_read(accounts_), until);
    auto completion = complete(call, asked);
    if (completion.type == EventType::ok) {
      completion.value = accounts::balances_in(accounts_, *asked.reply);
    }
    co_return completion;
  }

  asio::awaitable<Completion> transfer(Call call, Until until) {
    const auto read = co_await ask_once(accounts::to_prepare(call), until);
    if (!read.reply || read.reply->status != protocol::Status::ok) {
      co_return Completion{EventType::fail, call.value, "the accounts were not read"};
    }
    const auto request = accounts::to_transfer(call, *read.reply);
    if (!request) co_return Completion{EventType::fail, call.value, "insufficient"};
    const auto asked = co_await ask_once(*request, until);
    co_return complete(call, asked);
  }

  const nemesis::Timekeeper& time_;
  std::vector<std::string> nodes_;
  /// To each of them.
  std::vector<std::unique_ptr<RaftConversation>> connections_;
  std::size_t home_;
  std::uint64_t client_;
  std::uint64_t last_request_ = 0;
  /// Their names never change. Empty until they are known.
  std::vector<std::string> accounts_;
  std::unique_ptr<nemesis::Alarm> alarm_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const protocol::Reply& reply) {
  const auto answer = answer_of(call, reply);
  const auto fail = [&](std::string why) {
    return Completion{EventType::fail, call.value, std::move(why), answer};
  };
  switch (reply.status) {
    case protocol::Status::ok:
      return Completion{EventType::ok, raft_answer(call, reply), {}, answer};
    case protocol::Status::mismatch:
      if (call.kind != Kind::accounts) return fail("mismatch");
      if (call.f == "transfer") return fail("conflict");
      return fail("the accounts exist");
    case protocol::Status::empty:
      return fail("empty");
    case protocol::Status::held:
      return fail("held");
    case protocol::Status::not_held:
      return fail("not held");
    case protocol::Status::session_expired: {
      auto completion = unanswered(call, "session expired");
      completion.answer = answer;
      return completion;
    }
    case protocol::Status::wrong_type:
    case protocol::Status::out_of_range:
    case protocol::Status::bad_request:
      return fail(reply.message);
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
