#include "node/store/command.h"

#include <stdexcept>

#include <fmt/format.h>

#include "node/api/bytes.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Request;

std::string encode_command(const Request& request) {
  std::string data;
  ByteWriter out(data);
  out.number(request.client);
  out.number(request.request);
  out.number(static_cast<std::uint8_t>(request.operation));
  out.number(static_cast<std::uint8_t>(request.expected.has_value()));
  out.text(request.key);
  out.text(request.value);
  if (request.expected) out.text(*request.expected);
  return data;
}

Request decode_command(std::string_view data) {
  ByteReader in(data);
  Request request;
  request.client = in.number<std::uint64_t>();
  request.request = in.number<std::uint64_t>();
  const auto operation = in.number<std::uint8_t>();
  if (operation > static_cast<std::uint8_t>(Operation::append)) {
    throw std::runtime_error(fmt::format("a command with operation {}", operation));
  }
  request.operation = static_cast<Operation>(operation);
  const bool has_expected = in.number<std::uint8_t>() != 0;
  request.key = in.text();
  request.value = in.text();
  if (has_expected) request.expected = in.text();
  in.expect_end();
  return request;
}

}  // namespace sunder
