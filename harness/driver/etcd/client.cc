#include "harness/driver/etcd/client.h"

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/driver/base64.h"
#include "harness/driver/etcd/error_message.h"
#include "harness/driver/etcd/watch.h"
#include "harness/driver/roaming_client.h"
#include "harness/driver/value_text.h"

namespace sunder::harness::etcd {

namespace {

using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;

struct Request {
  std::string target;
  json body;
};

json put_of(const std::string& key, const history::Value& value) {
  return {{"key", to_base64(key)}, {"value", to_base64(to_stored_text(value))}};
}

// What is absent was created at no revision.
json comparison(const std::string& key, const history::Value& expected) {
  json compare{{"key", to_base64(key)}, {"result", "EQUAL"}};
  if (expected.is_nil()) {
    compare["target"] = "CREATE";
    compare["create_revision"] = "0";
  } else {
    compare["target"] = "VALUE";
    compare["value"] = to_base64(to_stored_text(expected));
  }
  return compare;
}

Request to_request(const Call& call, Reads reads) {
  if (call.f == "read") {
    json range{{"key", to_base64(call.key)}};
    if (reads == Reads::serializable) range["serializable"] = true;
    return {"/v3/kv/range", range};
  }
  if (call.f == "write") return {"/v3/kv/put", put_of(call.key, call.value)};
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) {
    throw std::logic_error("the etcd driver does not know the operation " + call.f);
  }
  return {"/v3/kv/txn",
          {{"compare", json::array({comparison(call.key, pair->front())})},
           {"success", json::array({json{{"request_put", put_of(call.key, pair->back())}}})},
           {"failure", json::array({json{{"request_range", {{"key", to_base64(call.key)}}}}})}}};
}

// Throws json::exception or std::invalid_argument for what is no answer to a range.
history::Value value_read(const json& answer) {
  if (!answer.contains("kvs")) return {};
  return from_stored_text(from_base64(answer.at("kvs").at(0).value("value", "")));
}

// What a transaction found that changed nothing, if the answer has it.
std::optional<history::Answer> found_instead(const json& answer) {
  if (!answer.contains("responses")) return std::nullopt;
  history::Answer found;
  found.found = value_read(answer.at("responses").at(0).at("response_range"));
  return found;
}

// Absent in an answer from before the first change.
std::optional<std::int64_t> revision_in(const json& header) {
  const auto text = header.value("revision", "");
  std::int64_t revision = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), revision);
  return parsed.ec == std::errc{} ? std::optional(revision) : std::nullopt;
}

Completion doubtful(const Call& call, std::string why) {
  return {call.f == "read" ? EventType::fail : EventType::info, call.value, std::move(why)};
}

Completion completion_of(const Call& call, const std::string& body) {
  try {
    const json answer = json::parse(body);
    // Every answer of etcd's has one; nothing else counts as etcd's.
    answer.at("header").at("member_id");
    if (call.f == "read") return {EventType::ok, value_read(answer), {}};
    if (call.f == "cas" && !answer.value("succeeded", false)) {
      return {EventType::fail, call.value, "mismatch", found_instead(answer)};
    }
    history::Answer said;
    said.revision = revision_in(answer.at("header"));
    return {EventType::ok, call.value, {}, std::move(said)};
  } catch (const json::exception&) {
    return doubtful(call, "no answer of etcd's");
  } catch (const std::invalid_argument&) {
    return doubtful(call, "no answer of etcd's");
  }
}

class EtcdConversation final : public Conversation {
 public:
  EtcdConversation(boost::asio::io_context& io, const std::string& address, Reads reads)
      : io_(io), address_(address), connection_(io, address), reads_(reads) {}

  boost::asio::awaitable<std::optional<Completion>> perform(
      Call call, std::chrono::steady_clock::time_point until) override {
    if (call.f == "watch") co_return co_await watch(io_, address_, call, until);
    const auto request = to_request(call, reads_);
    const auto attempt = co_await connection_.post(request.target, request.body.dump(), until);
    co_return classify(call, attempt);
  }

 private:
  boost::asio::io_context& io_;
  std::string address_;
  HttpConnection connection_;
  Reads reads_;
};

}  // namespace

std::optional<Completion> classify(const Call& call, const HttpAttempt& attempt) {
  if (!attempt.left) return std::nullopt;
  if (!attempt.reply) return doubtful(call, "no answer");
  const auto status = attempt.reply->status;
  if (status == 200) return completion_of(call, attempt.reply->body);
  if (status >= 400 && status < 500) {
    return Completion{EventType::fail, call.value, message_in(*attempt.reply)};
  }
  return doubtful(call, message_in(*attempt.reply));
}

std::unique_ptr<Client> make_client(boost::asio::io_context& io,
                                    const std::vector<std::string>& nodes, int home, Reads reads) {
  std::vector<std::unique_ptr<Conversation>> conversations;
  for (const auto& node : nodes) {
    conversations.push_back(std::make_unique<EtcdConversation>(io, node, reads));
  }
  return make_roaming_client(io, std::move(conversations), static_cast<std::size_t>(home));
}

}  // namespace sunder::harness::etcd
