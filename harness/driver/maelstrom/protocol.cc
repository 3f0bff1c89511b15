#include "harness/driver/maelstrom/protocol.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "results/store/value_json.h"

namespace sunder::harness::maelstrom {

using history::EventType;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;

namespace {

constexpr int key_does_not_exist = 20;
constexpr int precondition_failed = 22;
// node not found, not supported, temporarily unavailable, malformed request, abort, key exists
// already, precondition failed, transaction conflict
constexpr std::array definite_errors{1, 10, 11, 12, 14, key_does_not_exist, 21, 22, 30};

// The nodes of Maelstrom's tutorial say "expected 3, but had 5". Any other text says nothing of the
// value.
std::optional<history::Value> found_in(const std::string& text, const history::Value& expected) {
  const auto start = fmt::format("expected {}, but had ", to_json(expected));
  if (!text.starts_with(start)) return std::nullopt;
  const auto found = nlohmann::ordered_json::parse(text.substr(start.size()), nullptr, false);
  if (found.is_discarded()) return std::nullopt;
  return results::value_of(found);
}

// What a refused cas found, if the error tells.
std::optional<history::Answer> found_instead(const Call& call, int code, const std::string& text) {
  if (call.f != "cas") return std::nullopt;
  history::Answer answer;
  if (code == key_does_not_exist) answer.found = history::Value();
  if (code == precondition_failed) answer.found = found_in(text, call.value.list()->front());
  return answer.found ? std::optional(std::move(answer)) : std::nullopt;
}

Completion failed(const Call& call, int code, std::string text) {
  if (code == key_does_not_exist && call.f == "read") return {EventType::ok, {}, {}};
  const bool is_definite = std::count(definite_errors.begin(), definite_errors.end(), code) > 0;
  if (!is_definite) return unanswered(call, std::move(text));
  auto found = found_instead(call, code, text);
  return {EventType::fail, call.value, std::move(text), std::move(found)};
}

}  // namespace

json body_of(const Call& call) {
  json body{{"type", call.f}, {"key", call.key}};
  if (call.f == "read") return body;
  if (call.f == "write") {
    body["value"] = json(results::json_of(call.value));
    return body;
  }
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) {
    throw std::logic_error("the maelstrom driver does not know the operation " + call.f);
  }
  body["from"] = json(results::json_of(pair->front()));
  body["to"] = json(results::json_of(pair->back()));
  return body;
}

Completion classify(const Call& call, const json& body) {
  const auto type = body.contains("type") && body["type"].is_string()
                        ? body["type"].get<std::string>()
                        : std::string();
  if (type == "error" && body.contains("code") && body["code"].is_number_integer()) {
    const auto code = body["code"].get<int>();
    const bool has_text = body.contains("text") && body["text"].is_string();
    return failed(call, code, has_text ? body["text"].get<std::string>() : std::to_string(code));
  }
  if (type != call.f + "_ok") return unanswered(call, "no reply to " + call.f + ": " + type);
  if (call.f != "read") return {EventType::ok, call.value, {}};
  if (!body.contains("value")) return unanswered(call, "read_ok without a value");
  return {EventType::ok, results::value_of(nlohmann::ordered_json(body["value"])), {}};
}

}  // namespace sunder::harness::maelstrom
