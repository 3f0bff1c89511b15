#include "node/kv_store.h"

#include <utility>

#include "node/check.h"

namespace sunder {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

std::optional<std::string> KvStore::read(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Reply KvStore::apply(const Request& command) {
  Reply reply{.request = command.request, .value = {}, .leader = {}, .message = {}};
  switch (command.operation) {
    case Operation::write:
      values_[command.key] = command.value;
      return reply;
    case Operation::append:
      values_[command.key] += command.value;
      return reply;
    case Operation::cas:
      if (const auto present = read(command.key); present != command.expected) {
        reply.status = Status::mismatch;
        reply.value = present;
      } else {
        values_[command.key] = command.value;
      }
      return reply;
    case Operation::read:
      break;
  }
  CHECK(false, "a read came through the log");
}

void KvStore::save(ByteWriter& out) const {
  out.number(static_cast<std::uint64_t>(values_.size()));
  for (const auto& [key, value] : values_) {
    out.text(key);
    out.text(value);
  }
}

void KvStore::load(ByteReader& in) {
  values_.clear();
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    std::string key(in.text());
    values_.emplace(std::move(key), in.text());
  }
}

}  // namespace sunder
