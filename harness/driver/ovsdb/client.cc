#include "harness/driver/ovsdb/client.h"

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "harness/driver/roaming_client.h"
#include "node/api/address.h"

namespace sunder::harness::ovsdb {

namespace {

using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

/// Whether the transaction has a "wait" at that place.
bool is_wait(const Call& call, std::size_t place) {
  if (call.f == "open") return place % 2 == 0;
  // The others of its operations cannot wait.
  if (looks_first(call)) return true;
  const bool waits = call.f == "cas" || call.f == "transfer" || call.kind == Kind::lock;
  return waits && place == 0;
}

// The lists changed between the look and the change, which did not happen.
constexpr const char* conflict = "conflict";

std::string refusal_of(const Call& call) {
  if (looks_first(call)) return conflict;
  if (call.f == "transfer") return "insufficient";
  if (call.f == "open") return "the accounts exist";
  return call.f == "acquire" ? "held" : call.f == "release" ? "not held" : "mismatch";
}

std::optional<Completion> completion_of(const Call& call, const json& answer) {
  const auto& error = answer.at("error");
  if (!error.is_null()) {
    const std::string name = error.is_object() ? error.value("error", "") : error.dump();
    if (name == "unknown database") return std::nullopt;
    return unanswered(call, name);
  }
  const auto& results = answer.at("result");
  for (std::size_t place = 0; place < results.size(); ++place) {
    if (!results[place].is_object() || !results[place].contains("error")) continue;
    const auto name = results[place]["error"].get<std::string>();
    // A transaction that fails is answered by one server from its own state, which may be old: a
    // selection in it would be no evidence of what the cas found.
    if (name == "timed out" && is_wait(call, place)) {
      return Completion{EventType::fail, call.value, refusal_of(call)};
    }
    return unanswered(call, name);
  }
  return Completion{EventType::ok, value_of(call, results), {}};
}

/// Another client has made the row meanwhile.
bool is_refused_creation(const Attempt& attempt) {
  if (!attempt.answer || !attempt.answer->contains("result")) return false;
  const auto& results = attempt.answer->at("result");
  return results.is_array() && !results.empty() && results[0].is_object() &&
         results[0].value("error", "") == "timed out";
}

class OvsdbConversation final : public Conversation {
 public:
  OvsdbConversation(boost::asio::io_context& io, const std::string& address, Reads reads)
      : connection_(io, parse_address(address)), reads_(reads) {}

  boost::asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    if (looks_first(call)) co_return co_await perform_guarded(call, until);
    while (true) {
      const auto attempt = co_await connection_.ask("transact", transaction(call, reads_), until);
      const bool has_results = attempt.answer && attempt.answer->contains("result");
      if (!has_results || !lacks_row(call, attempt.answer->at("result"))) {
        co_return classify(call, attempt);
      }
      const auto made = co_await connection_.ask("transact", *creation(call), until);
      if (!is_refused_creation(made)) co_return classify(call, made);
    }
  }

 private:
  boost::asio::awaitable<std::optional<Completion>> perform_guarded(
      Call call, std::chrono::steady_clock::time_point until) {
    const auto look = look_of(call);
    while (true) {
      const auto looked =
          co_await connection_.ask("transact", transaction(look, Reads::local), until);
      const auto seen = classify(look, looked);
      if (!seen) co_return std::nullopt;
      if (seen->type != EventType::ok) {
        co_return Completion{EventType::fail, call.value, seen->error};
      }
      const auto write = guarded(call, *seen->value.list());
      const auto attempt = co_await connection_.ask("transact", write.operations, until);
      auto completion = classify(call, attempt);
      if (completion && completion->type == EventType::ok) completion->value = write.answer;
      const bool is_conflict = completion && completion->error == conflict;
      if (!is_conflict || std::chrono::steady_clock::now() >= until) co_return completion;
    }
  }

  JsonRpcConnection connection_;
  Reads reads_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const Attempt& attempt) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.answer) return unanswered(call, "no answer");
  try {
    return completion_of(call, *attempt.answer);
  } catch (const json::exception&) {
    return unanswered(call, "no answer of ovsdb's");
  }
}

std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Reads reads) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  for (const auto& node : nodes) {
    conversations.push_back(std::make_unique<OvsdbConversation>(io, node, reads));
  }
  return make_roaming_client(io, std::move(conversations), static_cast<std::size_t>(home));
}

}  // namespace sunder::harness::ovsdb
