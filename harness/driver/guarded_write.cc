#include "harness/driver/guarded_write.h"

#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/driver/value_text.h"

namespace sunder::harness {

using history::EventType;
using history::List;
using history::Value;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

namespace {

[[noreturn]] void refuse_to_guard(const Call& call) {
  throw std::logic_error(fmt::format("no guarded write does the operation {} of a {}", call.f,
                                     workloads::name_of(call.kind)));
}

List list_in(const std::optional<std::string>& text) {
  return text ? from_stored_list(*text) : List();
}

std::int64_t balance_in(const Snapshot& snapshot, const std::string& account) {
  const auto balance = value_in(Kind::counter, snapshot.at(account).text);
  return balance.integer() == nullptr ? 0 : *balance.integer();
}

std::variant<Completion, Change> transfer_of(const Call& call, const Snapshot& snapshot) {
  const auto from = accounts_folder + *call.value.text("from");
  const auto to = accounts_folder + *call.value.text("to");
  const auto amount = *call.value.integer("amount");
  if (balance_in(snapshot, from) < amount) {
    return Completion{EventType::fail, call.value, "insufficient"};
  }
  return Change{{{from, std::to_string(balance_in(snapshot, from) - amount)},
                 {to, std::to_string(balance_in(snapshot, to) + amount)}},
                call.value};
}

Change steps_of(const Call& call, const Snapshot& snapshot) {
  const bool has_lists = call.kind == Kind::list_transaction;
  Change change;
  List steps;
  for (const auto& step : *call.value.list()) {
    auto parts = *step.list();
    const auto key = to_stored_text(parts.at(1));
    const auto written = change.puts.find(key);
    const auto text =
        written != change.puts.end() ? std::optional(written->second) : snapshot.at(key).text;
    if (parts.at(0) == Value("w") && !has_lists) {
      change.puts[key] = to_stored_text(parts.at(2));
    } else if (parts.at(0) == Value("append") && has_lists) {
      auto list = list_in(text);
      list.push_back(parts.at(2));
      change.puts[key] = to_stored_list(list);
    } else if (parts.at(0) == Value("r")) {
      parts.at(2) = value_in(has_lists ? Kind::list : Kind::register_, text);
    } else {
      refuse_to_guard(call);
    }
    steps.emplace_back(std::move(parts));
  }
  change.answer = std::move(steps);
  return change;
}

std::variant<Completion, Change> dequeue_of(const Call& call, const Found& found) {
  auto list = list_in(found.text);
  if (list.empty()) {
    history::Answer answer;
    answer.found = Value();
    return Completion{EventType::fail, call.value, "empty", std::move(answer)};
  }
  Change change;
  change.answer = list.front();
  list.erase(list.begin());
  change.puts[call.key] = to_stored_list(list);
  return change;
}

/// Of a list or queue, set, text or counter: what it is to hold.
std::string grown(const Call& call, const Found& found) {
  if (call.kind == Kind::text) return found.text.value_or("") + to_stored_text(call.value);
  if (call.kind == Kind::counter) {
    const auto before = value_in(call.kind, found.text);
    return std::to_string((before.integer() == nullptr ? 0 : *before.integer()) +
                          *call.value.integer());
  }
  auto list = list_in(found.text);
  if (call.kind == Kind::set) std::erase(list, call.value);
  if (call.f != "remove") list.push_back(call.value);
  return to_stored_list(list);
}

}  // namespace

Value value_in(Kind kind, const std::optional<std::string>& text) {
  if (kind == Kind::list || kind == Kind::set) return list_in(text);
  if (!text) return {};
  return kind == Kind::text ? Value(*text) : from_stored_text(*text);
}

bool is_guarded(const Call& call) {
  if (call.f == "txn" || call.f == "transfer") return true;
  if (call.f == "read" || call.f == "write") return false;
  return call.kind == Kind::text || call.kind == Kind::list || call.kind == Kind::counter ||
         call.kind == Kind::queue;
}

std::set<std::string> keys_of(const Call& call) {
  std::set<std::string> keys;
  if (call.f == "transfer") {
    for (const auto* end : {"from", "to"}) keys.insert(accounts_folder + *call.value.text(end));
  } else if (call.f == "txn") {
    for (const auto& step : *call.value.list()) keys.insert(to_stored_text(step.list()->at(1)));
  } else {
    keys.insert(call.key);
  }
  return keys;
}

Value balances_in(const Snapshot& accounts) {
  history::Object balances;
  for (const auto& [key, found] : accounts) {
    balances.emplace_back(key.substr(std::string_view(accounts_folder).size()),
                          value_in(Kind::counter, found.text));
  }
  return balances;
}

std::variant<Completion, Change> change_of(const Call& call, const Snapshot& snapshot) {
  if (call.f == "transfer") return transfer_of(call, snapshot);
  if (call.f == "txn") {
    auto change = steps_of(call, snapshot);
    if (!change.puts.empty()) return change;
    return Completion{EventType::ok, std::move(change.answer), {}};
  }
  const auto& found = snapshot.at(call.key);
  if (call.f == "dequeue") return dequeue_of(call, found);
  return Change{{{call.key, grown(call, found)}}, call.value};
}

}  // namespace sunder::harness
