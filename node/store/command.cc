#include "node/store/command.h"

#include <stdexcept>

#include <fmt/format.h>

#include "node/api/bytes.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Request;

namespace {

/// Of a command, or of one operation of a txn.
void encode_operation(ByteWriter& out, const Request& request) {
  out.number(static_cast<std::uint8_t>(request.operation));
  out.number(static_cast<std::uint8_t>(request.expected.has_value()));
  out.text(request.key);
  out.text(request.value);
  if (request.expected) out.text(*request.expected);
  if (request.operation == Operation::increment) out.number(request.amount);
}

void decode_operation(ByteReader& in, Request& request, Operation last_allowed) {
  const auto operation = in.number<std::uint8_t>();
  if (operation > static_cast<std::uint8_t>(last_allowed)) {
    throw std::runtime_error(fmt::format("a command with operation {}", operation));
  }
  request.operation = static_cast<Operation>(operation);
  const bool has_expected = in.number<std::uint8_t>() != 0;
  request.key = in.text();
  request.value = in.text();
  if (has_expected) request.expected = in.text();
  if (request.operation == Operation::increment) request.amount = in.number<std::int64_t>();
}

}  // namespace

std::string encode_command(const Request& request) {
  std::string data;
  ByteWriter out(data);
  out.number(request.client);
  out.number(request.request);
  encode_operation(out, request);
  if (request.operation != Operation::txn) return data;
  out.number(static_cast<std::uint32_t>(request.operations.size()));
  for (const auto& each : request.operations) encode_operation(out, each);
  return data;
}

Request decode_command(std::string_view data) {
  ByteReader in(data);
  Request request;
  request.client = in.number<std::uint64_t>();
  request.request = in.number<std::uint64_t>();
  decode_operation(in, request, Operation::txn);
  if (request.operation == Operation::txn) {
    for (auto left = in.number<std::uint32_t>(); left > 0; --left) {
      decode_operation(in, request.operations.emplace_back(), client_protocol::last_in_txn);
    }
  }
  in.expect_end();
  return request;
}

}  // namespace sunder
