#include "harness/driver/ovsdb/client.h"

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "harness/driver/roaming_client.h"
#include "node/api/address.h"
#include "results/store/value_json.h"

namespace sunder::harness::ovsdb {

namespace {

using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;

json where_key(const std::string& key) {
  return json::array({json::array({"key", "==", key})});
}

json row_with(const history::Value& value) {
  return {{"val", json(results::json_of(value))}};
}

json insertion(const std::string& key, const history::Value& value) {
  auto row = row_with(value);
  row["key"] = key;
  return {{"op", "insert"}, {"table", "kv"}, {"row", row}};
}

json deletion(const std::string& key) {
  return {{"op", "delete"}, {"table", "kv"}, {"where", where_key(key)}};
}

json selection(const std::string& key) {
  return {{"op", "select"},
          {"table", "kv"},
          {"where", where_key(key)},
          {"columns", json::array({"val"})}};
}

// What is absent has no row.
json wait_for(const std::string& key, const history::Value& expected) {
  return {{"op", "wait"},
          {"table", "kv"},
          {"where", where_key(key)},
          {"columns", json::array({"val"})},
          {"until", "=="},
          {"timeout", 0},
          {"rows", expected.is_nil() ? json::array() : json::array({row_with(expected)})}};
}

// A transaction that changes nothing is answered without being replicated, so each changes rows:
// a new row differs from the one it replaces.
json transaction(const Call& call, Reads reads) {
  json operations = json::array({"KV"});
  if (call.f == "read") {
    if (reads == Reads::consistent) {
      operations.push_back({{"op", "delete"}, {"table", "tick"}, {"where", json::array()}});
      operations.push_back({{"op", "insert"}, {"table", "tick"}, {"row", json{{"n", 1}}}});
    }
    operations.push_back(selection(call.key));
    return operations;
  }
  const auto* pair = call.value.list();
  if (call.f == "cas" && pair != nullptr && pair->size() == 2) {
    operations.push_back(wait_for(call.key, pair->front()));
    operations.push_back(deletion(call.key));
    operations.push_back(insertion(call.key, pair->back()));
    return operations;
  }
  if (call.f != "write") {
    throw std::logic_error("the ovsdb driver does not know the operation " + call.f);
  }
  operations.push_back(deletion(call.key));
  operations.push_back(insertion(call.key, call.value));
  return operations;
}

Completion doubtful(const Call& call, std::string why) {
  return {call.f == "read" ? EventType::fail : EventType::info, call.value, std::move(why)};
}

std::optional<Completion> completion_of(const Call& call, const json& answer) {
  const auto& error = answer.at("error");
  if (!error.is_null()) {
    const std::string name = error.is_object() ? error.value("error", "") : error.dump();
    if (name == "unknown database") return std::nullopt;
    return doubtful(call, name);
  }
  const auto& results = answer.at("result");
  for (std::size_t place = 0; place < results.size(); ++place) {
    if (!results[place].is_object() || !results[place].contains("error")) continue;
    const auto name = results[place]["error"].get<std::string>();
    // A transaction that fails is answered by one server from its own state, which may be old: a
    // selection in it would be no evidence of what the cas found.
    if (call.f == "cas" && place == 0 && name == "timed out") {
      return Completion{EventType::fail, call.value, "mismatch"};
    }
    return doubtful(call, name);
  }
  if (call.f != "read") return Completion{EventType::ok, call.value, {}};
  const auto& rows = results.at(results.size() - 1).at("rows");
  if (rows.empty()) return Completion{EventType::ok, {}, {}};
  return Completion{EventType::ok, rows.at(0).at("val").get<std::int64_t>(), {}};
}

class OvsdbConversation final : public Conversation {
 public:
  OvsdbConversation(boost::asio::io_context& io, const std::string& address, Reads reads)
      : connection_(io, parse_address(address)), reads_(reads) {}

  boost::asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    const auto attempt = co_await connection_.ask("transact", transaction(call, reads_), until);
    co_return classify(call, attempt);
  }

 private:
  JsonRpcConnection connection_;
  Reads reads_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const Attempt& attempt) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.answer) return doubtful(call, "no answer");
  try {
    return completion_of(call, *attempt.answer);
  } catch (const json::exception&) {
    return doubtful(call, "no answer of ovsdb's");
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
