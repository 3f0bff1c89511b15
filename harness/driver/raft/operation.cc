#include "harness/driver/raft/operation.h"

#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/driver/value_text.h"

namespace sunder::harness {

namespace protocol = client_protocol;
using workloads::Call;
using workloads::Kind;

namespace {

/// Where the node keeps the value that an operation takes.
enum class Takes { nothing, value, pair, amount, steps };

struct OperationRow {
  Kind kind;
  std::string_view f;
  protocol::Operation operation;
  Takes takes;
};

constexpr OperationRow operation_table[] = {
    {Kind::register_, "read", protocol::Operation::read, Takes::nothing},
    {Kind::register_, "write", protocol::Operation::write, Takes::value},
    {Kind::register_, "cas", protocol::Operation::cas, Takes::pair},
    {Kind::versioned_register, "read", protocol::Operation::read, Takes::nothing},
    {Kind::versioned_register, "write", protocol::Operation::write, Takes::value},
    {Kind::versioned_register, "cas", protocol::Operation::cas, Takes::pair},
    {Kind::text, "read", protocol::Operation::read, Takes::nothing},
    {Kind::text, "write", protocol::Operation::write, Takes::value},
    {Kind::text, "append", protocol::Operation::append, Takes::value},
    {Kind::list, "read", protocol::Operation::read, Takes::nothing},
    {Kind::list, "append", protocol::Operation::push, Takes::value},
    {Kind::set, "read", protocol::Operation::read, Takes::nothing},
    {Kind::set, "add", protocol::Operation::add, Takes::value},
    {Kind::set, "remove", protocol::Operation::remove, Takes::value},
    {Kind::counter, "read", protocol::Operation::read, Takes::nothing},
    {Kind::counter, "add", protocol::Operation::increment, Takes::amount},
    {Kind::queue, "enqueue", protocol::Operation::enqueue, Takes::value},
    {Kind::queue, "dequeue", protocol::Operation::dequeue, Takes::nothing},
    {Kind::queue, "drain", protocol::Operation::drain, Takes::nothing},
    {Kind::lock, "acquire", protocol::Operation::acquire, Takes::value},
    {Kind::lock, "release", protocol::Operation::release, Takes::value},
    {Kind::ids, "generate", protocol::Operation::generate, Takes::nothing},
    {Kind::transaction, "txn", protocol::Operation::txn, Takes::steps},
    {Kind::list_transaction, "txn", protocol::Operation::txn, Takes::steps},
};

/// The operations of a transaction: Elle's names and the long ones.
constexpr OperationRow step_table[] = {
    {Kind::transaction, "r", protocol::Operation::read, Takes::nothing},
    {Kind::transaction, "read", protocol::Operation::read, Takes::nothing},
    {Kind::transaction, "w", protocol::Operation::write, Takes::value},
    {Kind::transaction, "write", protocol::Operation::write, Takes::value},
    {Kind::transaction, "cas", protocol::Operation::cas, Takes::pair},
    {Kind::list_transaction, "r", protocol::Operation::read, Takes::nothing},
    {Kind::list_transaction, "append", protocol::Operation::push, Takes::value},
};

[[noreturn]] void refuse_call(const Call& call, std::string_view why) {
  throw std::logic_error(fmt::format("the raft driver cannot do {} of {} on a {}: {}", call.f,
                                     to_json(call.value), name_of(call.kind), why));
}

template <class Rows>
const OperationRow& row_for(const Rows& rows, const Call& call) {
  for (const auto& row : rows) {
    if (row.kind == call.kind && row.f == call.f) return row;
  }
  refuse_call(call, "it has no such operation");
}

std::vector<protocol::Request> step_requests(const Call& call);

protocol::Request translate(const OperationRow& row, const Call& call) {
  protocol::Request request;
  request.operation = row.operation;
  request.key = call.key;
  switch (row.takes) {
    case Takes::nothing:
      break;
    case Takes::value:
      request.value = to_stored_text(call.value);
      break;
    case Takes::pair: {
      const auto* pair = call.value.list();
      if (pair == nullptr || pair->size() != 2) refuse_call(call, "it needs [expected, new]");
      if (!pair->front().is_nil()) request.expected = to_stored_text(pair->front());
      request.value = to_stored_text(pair->back());
      break;
    }
    case Takes::amount:
      if (call.value.integer() == nullptr) refuse_call(call, "it needs an integer");
      request.amount = *call.value.integer();
      break;
    case Takes::steps:
      request.operations = step_requests(call);
      break;
  }
  return request;
}

/// [f, key, value]; the key may be of any kind, the value may be left out.
Call step_of(const Call& txn, const history::Value& step) {
  const auto* parts = step.list();
  if (parts == nullptr || parts->size() < 2 || parts->size() > 3 ||
      parts->front().text() == nullptr) {
    refuse_call(txn, "its steps are [f, key, value]");
  }
  return {*parts->front().text(), to_stored_text((*parts)[1]),
          parts->size() == 3 ? parts->back() : history::Value(), txn.kind};
}

std::vector<protocol::Request> step_requests(const Call& call) {
  const auto* all = call.value.list();
  if (all == nullptr || all->empty()) refuse_call(call, "it needs a list of steps");
  std::vector<protocol::Request> requests;
  for (const auto& each : *all) {
    const auto step = step_of(call, each);
    requests.push_back(translate(row_for(step_table, step), step));
  }
  return requests;
}

/// A key that was never changed.
history::Value start_of(Kind kind) {
  if (kind == Kind::list || kind == Kind::list_transaction || kind == Kind::set)
    return history::List{};
  if (kind == Kind::counter) return 0;
  return {};
}

/// The steps as they were asked for, with what each read answered.
history::Value filled_steps(const Call& call, const protocol::Reply& reply) {
  auto value = call.value;
  auto& all = *value.edit_list();
  const auto* answers = reply.value.list();
  if (answers == nullptr || answers->size() != all.size()) {
    throw UnexpectedReply();
  }
  for (std::size_t place = 0; place < all.size(); ++place) {
    const auto step = step_of(call, all[place]);
    if (row_for(step_table, step).operation != protocol::Operation::read) continue;
    auto& parts = *all[place].edit_list();
    parts.resize(3);
    const auto& answer = (*answers)[place];
    parts.back() = answer.is_null() ? start_of(call.kind) : raft_value(answer);
  }
  return value;
}

}  // namespace

workloads::Operations raft_operations(const Plan& /*plan*/) {
  workloads::Operations operations{{Kind::accounts, {"open", "transfer", "read"}}};
  for (const auto& row : operation_table) operations.add(row.kind, std::string(row.f));
  return operations;
}

protocol::Request raft_request(const Call& call) {
  return translate(row_for(operation_table, call), call);
}

history::Value raft_answer(const Call& call, const protocol::Reply& reply) {
  if (call.kind == Kind::accounts) return call.value;
  switch (row_for(operation_table, call).operation) {
    case protocol::Operation::read:
      if (reply.value.is_null()) return start_of(call.kind);
      // A text of digits is a text.
      if (call.kind == Kind::text && reply.value.text() != nullptr) return *reply.value.text();
      return raft_value(reply.value);
    case protocol::Operation::dequeue:
    case protocol::Operation::drain:
    case protocol::Operation::generate:
    case protocol::Operation::acquire:
      return raft_value(reply.value);
    case protocol::Operation::txn:
      return filled_steps(call, reply);
    default:
      return call.value;
  }
}

history::Value raft_value(const protocol::Value& value) {
  if (const auto* text = value.text()) return from_stored_text(*text);
  if (const auto* integer = value.integer()) return *integer;
  const auto* list = value.list();
  if (list == nullptr) return {};
  history::List elements;
  elements.reserve(list->size());
  for (const auto& each : *list) elements.push_back(raft_value(each));
  return elements;
}

}  // namespace sunder::harness
