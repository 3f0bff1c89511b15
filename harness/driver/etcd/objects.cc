#include "harness/driver/etcd/objects.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include "harness/driver/base64.h"
#include "harness/driver/value_text.h"

namespace sunder::harness::etcd {

namespace {

using history::EventType;
using history::List;
using history::Value;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

constexpr const char* ids_key = "ids";
constexpr const char* transactions = "/v3/kv/txn";

[[noreturn]] void refuse(const Call& call) {
  throw std::logic_error("the etcd driver does not know the operation " + call.f + " of a " +
                         std::string(workloads::name_of(call.kind)));
}

std::int64_t number_in(const json& object, const char* name) {
  return object.contains(name) ? number_of(object.at(name)) : 0;
}

json put_of(const std::string& key, const std::string& text) {
  return {{"key", to_base64(key)}, {"value", to_base64(text)}};
}

json range_of(const std::string& key) {
  return {{"key", to_base64(key)}};
}

/// What is absent was created at no revision.
json is_absent(const std::string& key) {
  return {
      {"key", to_base64(key)}, {"result", "EQUAL"}, {"target", "CREATE"}, {"create_revision", "0"}};
}

json is_equal(const std::string& key, const Value& expected) {
  if (expected.is_nil()) return is_absent(key);
  return {{"key", to_base64(key)},
          {"result", "EQUAL"},
          {"target", "VALUE"},
          {"value", to_base64(to_stored_text(expected))}};
}

json is_unchanged(const std::string& key, const Found& found) {
  return {{"key", to_base64(key)},
          {"result", "EQUAL"},
          {"target", "MOD"},
          {"mod_revision", std::to_string(found.revision)}};
}

std::string set_folder(const Call& call) {
  return call.key + "/";
}

std::string element_key(const Call& call) {
  return set_folder(call) + to_stored_text(call.value);
}

/// The change if the key has that value, else what it has.
Request compared(const Call& call, const Value& expected, json change) {
  return {transactions,
          {{"compare", json::array({is_equal(call.key, expected)})},
           {"success", json::array({std::move(change)})},
           {"failure", json::array({json{{"request_range", range_of(call.key)}}})}}};
}

Request opening(const Call& call) {
  json compare = json::array();
  json puts = json::array();
  for (const auto& [name, balance] : *call.value.object()) {
    const auto key = accounts_folder + name;
    compare.push_back(is_absent(key));
    puts.push_back({{"request_put", put_of(key, to_stored_text(balance))}});
  }
  return {transactions, {{"compare", compare}, {"success", puts}}};
}

Request read_of(const Call& call, Reads reads) {
  json range = range_of(call.key);
  if (call.kind == Kind::set) range = folder_of(set_folder(call));
  if (call.kind == Kind::accounts) range = folder_of(accounts_folder);
  if (reads == Reads::serializable) range["serializable"] = true;
  return {"/v3/kv/range", range};
}

json deletion_of(const std::string& key) {
  return {{"request_delete_range", range_of(key)}};
}

std::string text_in(const json& kv) {
  return from_base64(kv.value("value", ""));
}

std::optional<std::string> only_text_in(const json& range) {
  if (!range.contains("kvs")) return std::nullopt;
  return text_in(range.at("kvs").at(0));
}

Value elements_in(const json& range) {
  List elements;
  if (!range.contains("kvs")) return elements;
  for (const auto& kv : range.at("kvs")) elements.push_back(from_stored_text(text_in(kv)));
  return elements;
}

Value balances_in(const json& range) {
  history::Object balances;
  if (!range.contains("kvs")) return balances;
  for (const auto& kv : range.at("kvs")) {
    const auto key = from_base64(kv.at("key").get<std::string>());
    balances.emplace_back(key.substr(std::string_view(accounts_folder).size()),
                          from_stored_text(text_in(kv)));
  }
  return balances;
}

/// The version of a key that was read. A key that is absent has none.
void add_version(const Call& call, const json& range, history::Answer& answer) {
  if (call.kind != Kind::versioned_register || !range.contains("kvs")) return;
  answer.revision = number_in(range.at("kvs").at(0), "mod_revision");
}

Completion read_answered(const Call& call, const json& range) {
  Completion completion{EventType::ok, {}, {}};
  if (call.kind == Kind::set) {
    completion.value = elements_in(range);
  } else if (call.kind == Kind::accounts) {
    completion.value = balances_in(range);
  } else {
    completion.value = value_in(call.kind, only_text_in(range));
    history::Answer answer;
    add_version(call, range, answer);
    if (answer.revision) completion.answer = std::move(answer);
  }
  return completion;
}

Completion refused(const Call& call, const json& answer) {
  const auto* why = call.f == "acquire"   ? "held"
                    : call.f == "release" ? "not held"
                    : call.f == "open"    ? "the accounts exist"
                                          : "mismatch";
  Completion completion{EventType::fail, call.value, why};
  if (call.f == "open" || !answer.contains("responses")) return completion;
  const auto& range = answer.at("responses").at(0).at("response_range");
  completion.answer.emplace();
  completion.answer->found = value_in(Kind::register_, only_text_in(range));
  add_version(call, range, *completion.answer);
  return completion;
}

}  // namespace

workloads::Operations operations() {
  return {{Kind::register_, {"cas", "read", "write"}},
          {Kind::versioned_register, {"cas", "read", "write"}},
          {Kind::text, {"append", "read", "write"}},
          {Kind::list, {"append", "read"}},
          {Kind::set, {"add", "read", "remove"}},
          {Kind::counter, {"add", "read"}},
          {Kind::queue, {"dequeue", "enqueue"}},
          {Kind::lock, {"acquire", "release"}},
          {Kind::ids, {"generate"}},
          {Kind::accounts, {"open", "read", "transfer"}},
          {Kind::transaction, {"txn"}},
          {Kind::list_transaction, {"txn"}},
          {Kind::log, {"watch", "write"}}};
}

std::int64_t number_of(const json& text) {
  const auto digits = text.get<std::string>();
  std::int64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc{}) throw std::invalid_argument("no number: " + digits);
  return number;
}

json folder_of(std::string folder) {
  json range = range_of(folder);
  ++folder.back();
  range["range_end"] = to_base64(folder);
  return range;
}

std::optional<std::int64_t> revision_of(const json& header) {
  if (!header.contains("revision")) return std::nullopt;
  return number_in(header, "revision");
}

Request request_of(const Call& call, Reads reads) {
  if (call.f == "read") return read_of(call, reads);
  if (call.f == "write") return {"/v3/kv/put", put_of(call.key, to_stored_text(call.value))};
  if (call.f == "generate") return {"/v3/kv/put", put_of(ids_key, "")};
  if (call.f == "open") return opening(call);
  if (call.kind == Kind::set) {
    if (call.f == "remove") return {"/v3/kv/deleterange", range_of(element_key(call))};
    return {"/v3/kv/put", put_of(element_key(call), to_stored_text(call.value))};
  }
  if (call.f == "acquire") {
    return compared(call, {}, {{"request_put", put_of(call.key, to_stored_text(call.value))}});
  }
  if (call.f == "release") return compared(call, call.value, deletion_of(call.key));
  const auto* pair = call.value.list();
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) refuse(call);
  return compared(call, pair->front(),
                  {{"request_put", put_of(call.key, to_stored_text(pair->back()))}});
}

Completion completion_of(const Call& call, const json& answer) {
  if (call.f == "read") return read_answered(call, answer);
  const bool compares = call.f == "cas" || call.kind == Kind::lock || call.f == "open";
  if (compares && !answer.value("succeeded", false)) return refused(call, answer);
  history::Answer said;
  said.revision = revision_of(answer.at("header"));
  // The lock's key was created at that revision, and the id's key changed: no other change has it.
  const bool is_numbered = call.f == "acquire" || call.f == "generate";
  if (is_numbered && !said.revision) throw std::invalid_argument("no revision");
  auto value = is_numbered ? Value(*said.revision) : call.value;
  return {EventType::ok, std::move(value), {}, std::move(said)};
}

Request look_of(const Call& call, Reads reads) {
  json ranges = json::array();
  for (const auto& key : keys_of(call)) {
    json range = range_of(key);
    // What a change follows from is compared with what there is.
    if (reads == Reads::serializable && workloads::only_reads(call)) range["serializable"] = true;
    ranges.push_back({{"request_range", std::move(range)}});
  }
  return {transactions, {{"success", ranges}}};
}

Snapshot snapshot_of(const Call& call, const json& answer) {
  Snapshot snapshot;
  std::size_t place = 0;
  for (const auto& key : keys_of(call)) {
    const auto& range = answer.at("responses").at(place++).at("response_range");
    auto& found = snapshot[key];
    if (!range.contains("kvs")) continue;
    found.text = text_in(range.at("kvs").at(0));
    found.revision = number_in(range.at("kvs").at(0), "mod_revision");
  }
  return snapshot;
}

Request guarded(const Change& change, const Snapshot& snapshot, Compares compares) {
  json compare = json::array();
  json puts = json::array();
  for (const auto& [key, found] : snapshot) {
    const bool is_compared =
        compares == Compares::all || (compares == Compares::written && change.puts.contains(key));
    if (is_compared) compare.push_back(is_unchanged(key, found));
  }
  for (const auto& [key, text] : change.puts) {
    puts.push_back({{"request_put", put_of(key, text)}});
  }
  return {transactions, {{"compare", compare}, {"success", puts}}};
}

}  // namespace sunder::harness::etcd
