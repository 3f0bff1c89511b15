#include "harness/driver/etcd/client.h"

#include <stdexcept>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "harness/driver/etcd/error_message.h"
#include "harness/driver/etcd/watch.h"
#include "harness/driver/roaming_client.h"

namespace sunder::harness::etcd {

namespace {

using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;

// The keys changed between the look and the change, which did not happen.
constexpr const char* conflict = "conflict";

// Every answer of etcd's has a header with a member; nothing else counts as etcd's. Throws
// json::exception.
json answer_of(const std::string& body) {
  json answer = json::parse(body);
  answer.at("header").at("member_id");
  return answer;
}

// `meaning` says what an answer with status 200 means; it may throw.
template <typename Meaning>
std::optional<Completion> meaning_of(const Call& call, const HttpAttempt& attempt,
                                     const Meaning& meaning) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.reply) return unanswered(call, "no answer");
  const auto status = attempt.reply->status;
  if (status >= 400 && status < 500) {
    return Completion{EventType::fail, call.value, message_in(*attempt.reply)};
  }
  if (status != 200) return unanswered(call, message_in(*attempt.reply));
  try {
    return meaning(answer_of(attempt.reply->body));
  } catch (const json::exception&) {
    return unanswered(call, "no answer of etcd's");
  } catch (const std::invalid_argument&) {
    return unanswered(call, "no answer of etcd's");
  }
}

// What follows from a look at the keys; a completion if there is nothing to change.
struct GuardedWrite {
  Snapshot snapshot;
  std::variant<Completion, Change> next;
};

// Empty for "next node". Nothing was changed yet, whatever the answer is.
std::optional<GuardedWrite> plan_of(const Call& call, const HttpAttempt& look) {
  GuardedWrite plan;
  auto failed = meaning_of(call, look, [&](const json& answer) {
    plan.snapshot = snapshot_of(call, answer);
    plan.next = change_of(call, plan.snapshot);
    auto* ended = std::get_if<Completion>(&plan.next);
    if (ended != nullptr && ended->type == EventType::ok) {
      ended->answer.emplace();
      ended->answer->revision = revision_of(answer.at("header"));
    }
    return Completion{EventType::ok, {}, {}};
  });
  if (!failed) return std::nullopt;
  if (failed->type != EventType::ok) {
    failed->type = EventType::fail;
    plan.next = std::move(*failed);
  }
  return plan;
}

/// Single objects are always compared.
Compares compares_of(const Call& call, Compares of_transactions) {
  const bool is_transaction = call.f == "txn" || call.f == "transfer";
  return is_transaction ? of_transactions : Compares::all;
}

class EtcdConversation final : public Conversation {
 public:
  EtcdConversation(boost::asio::io_context& io, const std::string& address, Manner manner)
      : io_(io), address_(address), connection_(io, address), manner_(manner) {}

  boost::asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    if (call.f == "watch") co_return co_await watch(io_, address_, call, manner_.watches, until);
    if (is_guarded(call)) co_return co_await perform_guarded(call, until);
    const auto request = request_of(call, manner_.reads);
    const auto attempt = co_await connection_.post(request.target, request.body.dump(), until);
    co_return classify(call, attempt);
  }

 private:
  boost::asio::awaitable<std::optional<Completion>> perform_guarded(
      Call call, std::chrono::steady_clock::time_point until) {
    const auto look = look_of(call, manner_.reads);
    const auto compares = compares_of(call, manner_.compares);
    while (true) {
      const auto seen = co_await connection_.post(look.target, look.body.dump(), until);
      auto plan = plan_of(call, seen);
      if (!plan) co_return std::nullopt;
      if (auto* ended = std::get_if<Completion>(&plan->next)) co_return std::move(*ended);
      const auto& change = std::get<Change>(plan->next);
      const auto request = guarded(change, plan->snapshot, compares);
      const auto attempt = co_await connection_.post(request.target, request.body.dump(), until);
      auto completion = classify_change(call, change, attempt);
      const bool is_conflict = completion && completion->error == conflict;
      if (!is_conflict || std::chrono::steady_clock::now() >= until) co_return completion;
    }
  }

  boost::asio::io_context& io_;
  std::string address_;
  HttpConnection connection_;
  Manner manner_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const HttpAttempt& attempt) {
  return meaning_of(call, attempt, [&](const json& answer) { return completion_of(call, answer); });
}

std::optional<Completion> classify_change(const Call& call, const Change& change,
                                          const HttpAttempt& attempt) {
  return meaning_of(call, attempt, [&](const json& answer) {
    if (!answer.value("succeeded", false)) {
      return Completion{EventType::fail, call.value, conflict};
    }
    history::Answer said;
    said.revision = revision_of(answer.at("header"));
    return Completion{EventType::ok, change.answer, {}, std::move(said)};
  });
}

std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home,
                                    Manner manner) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  for (const auto& node : nodes) {
    conversations.push_back(std::make_unique<EtcdConversation>(io, node, manner));
  }
  return make_roaming_client(io, std::move(conversations), static_cast<std::size_t>(home));
}

}  // namespace sunder::harness::etcd
