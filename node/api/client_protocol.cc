#include "node/api/client_protocol.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "node/api/json_object.h"
#include "node/api/json_text.h"

namespace sunder::client_protocol {
namespace {

using api::append_json_string;

using OperationName = std::pair<Operation, std::string_view>;

constexpr std::array operation_names{
    OperationName{Operation::read, "read"},       OperationName{Operation::write, "write"},
    OperationName{Operation::cas, "cas"},         OperationName{Operation::append, "append"},
    OperationName{Operation::push, "push"},       OperationName{Operation::add, "add"},
    OperationName{Operation::remove, "remove"},   OperationName{Operation::increment, "increment"},
    OperationName{Operation::enqueue, "enqueue"}, OperationName{Operation::dequeue, "dequeue"},
    OperationName{Operation::drain, "drain"},     OperationName{Operation::acquire, "acquire"},
    OperationName{Operation::release, "release"}, OperationName{Operation::generate, "generate"},
    OperationName{Operation::txn, "txn"},
};

/// Those that a txn may consist of.
constexpr std::array in_txn_names{operation_names[0], operation_names[1], operation_names[2],
                                  operation_names[3], operation_names[4]};

constexpr std::array status_names{
    std::pair{Status::ok, std::string_view{"ok"}},
    std::pair{Status::mismatch, std::string_view{"mismatch"}},
    std::pair{Status::empty, std::string_view{"empty"}},
    std::pair{Status::held, std::string_view{"held"}},
    std::pair{Status::not_held, std::string_view{"not_held"}},
    std::pair{Status::wrong_type, std::string_view{"wrong_type"}},
    std::pair{Status::out_of_range, std::string_view{"out_of_range"}},
    std::pair{Status::not_leader, std::string_view{"not_leader"}},
    std::pair{Status::unknown, std::string_view{"unknown"}},
    std::pair{Status::session_expired, std::string_view{"session_expired"}},
    std::pair{Status::bad_request, std::string_view{"bad_request"}},
};

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  throw std::logic_error("an enumerator without a name");
}

template <typename Names>
auto value_in(const Names& names, std::string_view field, std::string_view wanted,
              std::string_view where = {}) {
  std::string allowed;
  for (const auto& [value, name] : names) {
    if (name == wanted) return value;
    allowed += allowed.empty() ? "" : ", ";
    allowed += name;
  }
  throw std::invalid_argument(fmt::format("\"{}\"{}{} is \"{}\"; allowed: {}", field,
                                          where.empty() ? "" : " of ", where, wanted.substr(0, 60),
                                          allowed));
}

void append_field(fmt::memory_buffer& out, std::string_view name, std::string_view text) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
  append_json_string(out, text);
}

/// The name of the field that is Request::value; empty if the operation has none.
std::string_view value_field(Operation operation) {
  switch (operation) {
    case Operation::write:
    case Operation::cas:
    case Operation::append:
    case Operation::push:
    case Operation::add:
    case Operation::remove:
    case Operation::enqueue:
      return "value";
    case Operation::acquire:
    case Operation::release:
      return "owner";
    case Operation::read:
    case Operation::increment:
    case Operation::dequeue:
    case Operation::drain:
    case Operation::generate:
    case Operation::txn:
      break;
  }
  return "";
}

bool has_key(Operation operation) {
  return operation != Operation::generate && operation != Operation::txn;
}

/// What follows the name of the operation.
void append_operands(fmt::memory_buffer& out, const Request& request) {
  if (has_key(request.operation)) append_field(out, "key", request.key);
  if (request.expected) append_field(out, "expected", *request.expected);
  const auto field = value_field(request.operation);
  if (!field.empty()) append_field(out, field, request.value);
  const auto end = std::back_inserter(out);
  if (request.operation == Operation::increment) {
    fmt::format_to(end, R"(,"amount":{})", request.amount);
  }
  if (request.operation != Operation::txn) return;
  std::string_view before = R"(,"operations":[)";
  for (const auto& each : request.operations) {
    fmt::format_to(end, R"({}{{"op":"{}")", before, name_of(each.operation));
    append_operands(out, each);
    out.push_back('}');
    before = ",";
  }
  out.push_back(']');
}

void parse_operands(const JsonObject& fields, Request& request);

std::vector<Request> parse_operations(const JsonObject& fields) {
  constexpr std::string_view allowed = "a list of operations";
  std::vector<Request> operations;
  for (const auto& each : fields.array("operations", allowed)) {
    const auto where = fmt::format("operations[{}]", operations.size());
    const JsonObject its_fields(each, where);
    auto& operation = operations.emplace_back();
    operation.operation = value_in(in_txn_names, "op", its_fields.text("op"), where);
    parse_operands(its_fields, operation);
  }
  if (operations.empty()) fields.refuse("operations", allowed);
  return operations;
}

void parse_operands(const JsonObject& fields, Request& request) {
  const auto operation = request.operation;
  if (has_key(operation)) request.key = fields.text("key");
  const auto field = value_field(operation);
  if (!field.empty()) request.value = fields.text(field);
  if (operation == Operation::cas) request.expected = fields.optional_text("expected");
  if (operation == Operation::increment) {
    request.amount = fields.integer("amount", INT64_MIN, INT64_MAX);
  }
  if (operation == Operation::txn) request.operations = parse_operations(fields);
}

}  // namespace

std::string_view name_of(Operation operation) {
  return name_in(operation_names, operation);
}
std::string_view name_of(Status status) {
  return name_in(status_names, status);
}

bool only_reads(const Request& request) {
  if (request.operation != Operation::txn) return request.operation == Operation::read;
  return std::all_of(request.operations.begin(), request.operations.end(),
                     [](const auto& each) { return each.operation == Operation::read; });
}

std::string to_json_line(const Request& request) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), R"({{"client":{},"request":{},"op":"{}")", request.client,
                 request.request, name_of(request.operation));
  append_operands(out, request);
  out.push_back('}');
  return fmt::to_string(out);
}

std::string to_json_line(const Reply& reply) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), R"({{"request":{},"status":"{}")", reply.request,
                 name_of(reply.status));
  if (!reply.value.is_null()) {
    out.append(std::string_view(R"(,"value":)"));
    append_json(out, reply.value);
  }
  if (reply.leader) append_field(out, "leader", *reply.leader);
  if (!reply.message.empty()) append_field(out, "message", reply.message);
  const auto end = std::back_inserter(out);
  if (reply.version) fmt::format_to(end, R"(,"version":{})", reply.version->value);
  if (reply.at) fmt::format_to(end, R"(,"at":{})", *reply.at);
  if (reply.index) fmt::format_to(end, R"(,"index":{})", reply.index->value);
  if (reply.term) fmt::format_to(end, R"(,"term":{})", reply.term->value);
  if (reply.command) fmt::format_to(end, R"(,"command":"{:016x}")", *reply.command);
  out.push_back('}');
  return fmt::to_string(out);
}

Request parse_request(std::string_view line) {
  const auto fields = JsonObject::parse(line);
  Request request;
  request.client = fields.unsigned_integer("client");
  request.request = fields.unsigned_integer("request");
  request.operation = value_in(operation_names, "op", fields.text("op"));
  parse_operands(fields, request);
  return request;
}

Reply parse_reply(std::string_view line) {
  const auto fields = JsonObject::parse(line);
  Reply reply;
  reply.request = fields.unsigned_integer("request");
  reply.status = value_in(status_names, "status", fields.text("status"));
  if (const auto* value = fields.find("value")) reply.value = value_of(*value, "value");
  reply.leader = fields.optional_text("leader");
  reply.message = fields.optional_text("message").value_or("");
  if (const auto version = fields.optional_unsigned_integer("version")) {
    reply.version = Index{*version};
  }
  reply.at = fields.optional_unsigned_integer("at");
  if (const auto index = fields.optional_unsigned_integer("index")) reply.index = Index{*index};
  if (const auto term = fields.optional_unsigned_integer("term")) reply.term = Term{*term};
  if (const auto text = fields.optional_text("command")) reply.command = trace::parse_digest(*text);
  return reply;
}

}  // namespace sunder::client_protocol
