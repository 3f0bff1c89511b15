#include "node/api/client_protocol.h"

#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "node/api/json_object.h"
#include "node/api/json_text.h"

namespace sunder::client_protocol {
namespace {

using api::append_json_string;

constexpr std::array operation_names{
    std::pair{Operation::read, std::string_view{"read"}},
    std::pair{Operation::write, std::string_view{"write"}},
    std::pair{Operation::cas, std::string_view{"cas"}},
    std::pair{Operation::append, std::string_view{"append"}},
};

constexpr std::array status_names{
    std::pair{Status::ok, std::string_view{"ok"}},
    std::pair{Status::mismatch, std::string_view{"mismatch"}},
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
auto value_in(const Names& names, std::string_view field, std::string_view wanted) {
  std::string allowed;
  for (const auto& [value, name] : names) {
    if (name == wanted) return value;
    allowed += allowed.empty() ? "" : ", ";
    allowed += name;
  }
  throw std::invalid_argument(
      fmt::format("\"{}\" is \"{}\"; allowed: {}", field, wanted.substr(0, 60), allowed));
}

void append_field(fmt::memory_buffer& out, std::string_view name, std::string_view text) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
  append_json_string(out, text);
}

}  // namespace

std::string_view name_of(Operation operation) {
  return name_in(operation_names, operation);
}
std::string_view name_of(Status status) {
  return name_in(status_names, status);
}

std::string to_json_line(const Request& request) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), R"({{"client":{},"request":{},"op":"{}")", request.client,
                 request.request, name_of(request.operation));
  append_field(out, "key", request.key);
  if (request.expected) append_field(out, "expected", *request.expected);
  if (request.operation != Operation::read) append_field(out, "value", request.value);
  out.push_back('}');
  return fmt::to_string(out);
}

std::string to_json_line(const Reply& reply) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), R"({{"request":{},"status":"{}")", reply.request,
                 name_of(reply.status));
  if (reply.value) append_field(out, "value", *reply.value);
  if (reply.leader) append_field(out, "leader", *reply.leader);
  if (!reply.message.empty()) append_field(out, "message", reply.message);
  const auto end = std::back_inserter(out);
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
  request.key = fields.text("key");
  if (request.operation != Operation::read) request.value = fields.text("value");
  if (request.operation == Operation::cas) request.expected = fields.optional_text("expected");
  return request;
}

Reply parse_reply(std::string_view line) {
  const auto fields = JsonObject::parse(line);
  Reply reply;
  reply.request = fields.unsigned_integer("request");
  reply.status = value_in(status_names, "status", fields.text("status"));
  reply.value = fields.optional_text("value");
  reply.leader = fields.optional_text("leader");
  reply.message = fields.optional_text("message").value_or("");
  if (const auto index = fields.optional_unsigned_integer("index")) reply.index = Index{*index};
  if (const auto term = fields.optional_unsigned_integer("term")) reply.term = Term{*term};
  if (const auto text = fields.optional_text("command")) reply.command = trace::parse_digest(*text);
  return reply;
}

}  // namespace sunder::client_protocol
