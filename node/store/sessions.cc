#include "node/store/sessions.h"

#include <utility>

namespace sunder {

using client_protocol::Reply;
using client_protocol::Status;

const Reply* Sessions::find(std::uint64_t client, std::uint64_t request) const {
  const auto found = last_reply_.find(client);
  if (found == last_reply_.end() || found->second.request != request) return nullptr;
  return &found->second;
}

bool Sessions::is_expired(std::uint64_t client, std::uint64_t request) const {
  const auto found = last_reply_.find(client);
  if (found != last_reply_.end()) return request < found->second.request;
  return forgotten_ && client <= *forgotten_;
}

void Sessions::remember(std::uint64_t client, const Reply& reply) {
  last_reply_[client] = reply;
  if (last_reply_.size() <= max_clients_) return;
  forgotten_ = last_reply_.begin()->first;
  last_reply_.erase(last_reply_.begin());
}

void Sessions::save(ByteWriter& out) const {
  out.number(static_cast<std::uint8_t>(forgotten_.has_value()));
  out.number(forgotten_.value_or(0));
  out.number(static_cast<std::uint64_t>(last_reply_.size()));
  for (const auto& [client, reply] : last_reply_) {
    out.number(client);
    out.number(reply.request);
    out.number(static_cast<std::uint8_t>(reply.status));
    out.number(static_cast<std::uint8_t>(reply.value.has_value()));
    out.text(reply.value.value_or(""));
  }
}

void Sessions::load(ByteReader& in) {
  last_reply_.clear();
  const bool has_forgotten = in.number<std::uint8_t>() != 0;
  const auto forgotten = in.number<std::uint64_t>();
  forgotten_ = has_forgotten ? std::optional(forgotten) : std::nullopt;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    const auto client = in.number<std::uint64_t>();
    Reply reply;
    reply.request = in.number<std::uint64_t>();
    reply.status = static_cast<Status>(in.number<std::uint8_t>());
    const bool has_value = in.number<std::uint8_t>() != 0;
    const auto value = in.text();
    if (has_value) reply.value = value;
    last_reply_.emplace(client, std::move(reply));
  }
}

}  // namespace sunder
