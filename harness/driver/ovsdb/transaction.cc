#include "harness/driver/ovsdb/transaction.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "harness/driver/guarded_write.h"
#include "harness/driver/value_text.h"

namespace sunder::harness::ovsdb {

using history::Value;
using nlohmann::json;
using workloads::Call;
using workloads::Kind;

const char* const schema =
    R"({"name":"KV","version":"1.0.0","tables":{
  "kv":{"columns":{"key":{"type":"string"},"val":{"type":"string"}},"isRoot":true,
        "indexes":[["key"]]},
  "counters":{"columns":{"key":{"type":"string"},"n":{"type":"integer"}},"isRoot":true,
              "indexes":[["key"]]},
  "sets":{"columns":{"key":{"type":"string"},
                     "elements":{"type":{"key":"string","min":0,"max":"unlimited"}}},
          "isRoot":true,"indexes":[["key"]]},
  "tick":{"columns":{"n":{"type":"integer"}},"isRoot":true}}})";

namespace {

json where_key(const std::string& key) {
  return json::array({json::array({"key", "==", key})});
}

json insertion(const char* table, const std::string& key, const char* column, const json& value) {
  return {{"op", "insert"}, {"table", table}, {"row", json{{"key", key}, {column, value}}}};
}

json selection(const char* table, const json& where, const char* column) {
  return {{"op", "select"}, {"table", table}, {"where", where}, {"columns", json::array({column})}};
}

json mutation(const char* table, const std::string& key, const char* column, const char* mutator,
              const json& value) {
  return {{"op", "mutate"},
          {"table", table},
          {"where", where_key(key)},
          {"mutations", json::array({json::array({column, mutator, value})})}};
}

/// Fails the transaction unless the column of these rows is as expected.
json wait_until(const char* table, const json& where, const char* column, const json& rows,
                const char* until = "==") {
  return {{"op", "wait"},   {"table", table}, {"where", where}, {"columns", json::array({column})},
          {"until", until}, {"timeout", 0},   {"rows", rows}};
}

json wait_for_absence(const char* table, const std::string& key) {
  return wait_until(table, where_key(key), "key", json::array());
}

/// What is absent has no row.
json wait_for(const std::string& key, const Value& expected) {
  auto rows = json::array();
  if (!expected.is_nil()) rows.push_back(json{{"val", to_stored_text(expected)}});
  return wait_until("kv", where_key(key), "val", rows);
}

void add_tick(json& operations) {
  operations.push_back({{"op", "delete"}, {"table", "tick"}, {"where", json::array()}});
  operations.push_back({{"op", "insert"}, {"table", "tick"}, {"row", json{{"n", 1}}}});
}

/// A new row in the place of the old one: it differs, so this always changes something.
void add_write(json& operations, const std::string& key, const Value& value) {
  operations.push_back({{"op", "delete"}, {"table", "kv"}, {"where", where_key(key)}});
  operations.push_back(insertion("kv", key, "val", to_stored_text(value)));
}

std::string account(const std::string& name) {
  return "account." + name;
}

constexpr const char* ids_key = "ids";

[[noreturn]] void refuse(const Call& call) {
  throw std::logic_error("the ovsdb driver does not know the operation " + call.f);
}

void add_register(json& operations, const Call& call) {
  const auto* pair = call.value.list();
  if (call.f == "write") return add_write(operations, call.key, call.value);
  if (call.f != "cas" || pair == nullptr || pair->size() != 2) refuse(call);
  operations.push_back(wait_for(call.key, pair->front()));
  add_write(operations, call.key, pair->back());
}

void add_lock(json& operations, const Call& call) {
  if (call.f == "acquire") {
    operations.push_back(wait_for(call.key, {}));
    operations.push_back(insertion("kv", call.key, "val", to_stored_text(call.value)));
    return;
  }
  operations.push_back(wait_for(call.key, call.value));
  operations.push_back({{"op", "delete"}, {"table", "kv"}, {"where", where_key(call.key)}});
}

void add_set(json& operations, const Call& call) {
  const auto* mutator = call.f == "add" ? "insert" : "delete";
  operations.push_back(mutation("sets", call.key, "elements", mutator, to_stored_text(call.value)));
  add_tick(operations);
}

void add_transfer(json& operations, const Call& call) {
  const auto from = account(*call.value.text("from"));
  const auto amount = *call.value.integer("amount");
  // Some row has the name and enough money.
  auto where = where_key(from);
  where.push_back(json::array({"n", ">=", amount}));
  operations.push_back(wait_until("counters", where, "key", json::array(), "!="));
  operations.push_back(mutation("counters", from, "n", "-=", amount));
  operations.push_back(mutation("counters", account(*call.value.text("to")), "n", "+=", amount));
}

void add_steps(json& operations, const Call& call) {
  for (const auto& step : *call.value.list()) {
    const auto& parts = *step.list();
    const auto key = to_stored_text(parts[1]);
    if (parts[0] == Value("r")) {
      operations.push_back(selection("kv", where_key(key), "val"));
    } else if (parts[0] == Value("w") && call.kind == Kind::transaction) {
      add_write(operations, key, parts[2]);
    } else {
      refuse(call);
    }
  }
}

void add_read(json& operations, const Call& call) {
  switch (call.kind) {
    case Kind::counter:
      operations.push_back(selection("counters", where_key(call.key), "n"));
      return;
    case Kind::set:
      operations.push_back(selection("sets", where_key(call.key), "elements"));
      return;
    case Kind::accounts: {
      auto all = selection("counters", json::array(), "key");
      all["columns"].push_back("n");
      operations.push_back(std::move(all));
      return;
    }
    default:
      operations.push_back(selection("kv", where_key(call.key), "val"));
  }
}

void add_change(json& operations, const Call& call) {
  switch (call.kind) {
    case Kind::register_:
      return add_register(operations, call);
    case Kind::lock:
      return add_lock(operations, call);
    case Kind::set:
      return add_set(operations, call);
    case Kind::counter:
      operations.push_back(mutation("counters", call.key, "n", "+=", *call.value.integer()));
      return add_tick(operations);
    case Kind::ids:
      operations.push_back(mutation("counters", ids_key, "n", "+=", 1));
      operations.push_back(selection("counters", where_key(ids_key), "n"));
      return;
    case Kind::accounts:
      return add_transfer(operations, call);
    default:
      refuse(call);
  }
}

/// Of a set with one element OVSDB answers the element alone.
Value set_of(const json& elements) {
  history::List list;
  if (elements.is_string()) {
    list.push_back(from_stored_text(elements.get<std::string>()));
    return list;
  }
  for (const auto& each : elements.at(1)) list.push_back(from_stored_text(each.get<std::string>()));
  return list;
}

Value text_in(const json& result) {
  const auto& rows = result.at("rows");
  return rows.empty() ? Value() : from_stored_text(rows.at(0).at("val").get<std::string>());
}

history::List list_in(const json& result) {
  const auto& rows = result.at("rows");
  return rows.empty() ? history::List() : from_stored_list(rows.at(0).at("val").get<std::string>());
}

Value number_in(const json& result) {
  const auto& rows = result.at("rows");
  return rows.empty() ? Value() : Value(rows.at(0).at("n").get<std::int64_t>());
}

Value balances_in(const json& result) {
  const auto front = account("");
  history::Object balances;
  for (const auto& row : result.at("rows")) {
    const auto key = row.at("key").get<std::string>();
    if (!key.starts_with(front)) continue;
    balances.emplace_back(key.substr(front.size()), row.at("n").get<std::int64_t>());
  }
  return balances;
}

/// The steps with what was read: a read has one result, a write two.
Value steps_of(const Call& call, const json& results, std::size_t place) {
  history::List steps;
  for (const auto& step : *call.value.list()) {
    auto parts = *step.list();
    const bool reads = parts[0] == Value("r");
    if (reads) {
      const auto& result = results.at(place);
      parts[2] = call.kind == Kind::list_transaction ? Value(list_in(result)) : text_in(result);
    }
    place += reads ? 1 : 2;
    steps.push_back(std::move(parts));
  }
  return steps;
}

}  // namespace

workloads::Operations operations() {
  return {{Kind::register_, {"cas", "read", "write"}},
          {Kind::set, {"add", "read", "remove"}},
          {Kind::counter, {"add", "read"}},
          {Kind::lock, {"acquire", "release"}},
          {Kind::ids, {"generate"}},
          {Kind::accounts, {"open", "read", "transfer"}},
          {Kind::transaction, {"txn"}},
          {Kind::list_transaction, {"txn"}}};
}

json transaction(const Call& call, Reads reads) {
  json operations = json::array({"KV"});
  if (call.f == "open") {
    // All or none: whoever comes second finds the first account.
    for (const auto& [name, balance] : *call.value.object()) {
      operations.push_back(wait_for_absence("counters", account(name)));
      operations.push_back(insertion("counters", account(name), "n", *balance.integer()));
    }
    return operations;
  }
  const bool only_reads = workloads::only_reads(call);
  if (only_reads && reads == Reads::consistent) add_tick(operations);
  if (call.f == "txn") {
    add_steps(operations, call);
  } else if (only_reads) {
    add_read(operations, call);
  } else {
    add_change(operations, call);
  }
  return operations;
}

std::optional<json> creation(const Call& call) {
  json operations = json::array({"KV"});
  if (call.kind == Kind::counter && call.f == "add") {
    operations.push_back(wait_for_absence("counters", call.key));
    operations.push_back(insertion("counters", call.key, "n", *call.value.integer()));
  } else if (call.kind == Kind::set && call.f == "add") {
    operations.push_back(wait_for_absence("sets", call.key));
    operations.push_back(insertion("sets", call.key, "elements", to_stored_text(call.value)));
  } else if (call.kind == Kind::ids) {
    operations.push_back(wait_for_absence("counters", ids_key));
    operations.push_back(insertion("counters", ids_key, "n", 1));
    operations.push_back(selection("counters", where_key(ids_key), "n"));
  } else {
    return std::nullopt;
  }
  return operations;
}

bool lacks_row(const Call& call, const json& results) {
  return creation(call) && results.is_array() && !results.empty() && results[0].is_object() &&
         results[0].value("count", 1) == 0;
}

bool looks_first(const Call& call) {
  return call.kind == Kind::list_transaction && !workloads::only_reads(call);
}

Call look_of(const Call& call) {
  history::List steps;
  for (const auto& key : keys_of(call)) steps.push_back(history::List{"r", key, Value()});
  return {"txn", {}, std::move(steps), call.kind};
}

GuardedWrite guarded(const Call& call, const history::List& seen) {
  GuardedWrite write{json::array({"KV"}), {}};
  Snapshot snapshot;
  for (const auto& step : seen) {
    const auto& parts = *step.list();
    const auto& list = *parts.at(2).list();
    auto& found = snapshot[*parts.at(1).text()];
    if (!list.empty()) found.text = to_stored_list(list);
    write.operations.push_back(
        wait_for(*parts.at(1).text(), found.text ? Value(*found.text) : Value()));
  }
  auto change = std::get<Change>(change_of(call, snapshot));
  for (const auto& [key, text] : change.puts) add_write(write.operations, key, text);
  write.answer = std::move(change.answer);
  return write;
}

Value value_of(const Call& call, const json& results) {
  const auto& last = results.at(results.size() - 1);
  if (looks_first(call)) return call.value;
  if (call.f == "txn") {
    const bool has_tick = workloads::only_reads(call) && results.at(0).contains("count");
    return steps_of(call, results, has_tick ? 2 : 0);
  }
  if (call.f == "generate") return number_in(last);
  if (call.f != "read") return call.value;
  switch (call.kind) {
    case Kind::counter: {
      auto number = number_in(last);
      return number.is_nil() ? Value(0) : number;
    }
    case Kind::set:
      return last.at("rows").empty() ? Value(history::List{})
                                     : set_of(last.at("rows").at(0).at("elements"));
    case Kind::accounts:
      return balances_in(last);
    default:
      return text_in(last);
  }
}

}  // namespace sunder::harness::ovsdb
