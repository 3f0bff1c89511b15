#include "node/store/sessions.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace sunder {

using client_protocol::Reply;
using client_protocol::Status;
using client_protocol::Value;
using client_protocol::Values;

namespace {

enum class ValueKind : std::uint8_t { null, text, integer, list };

void save_value(ByteWriter& out, const Value& value) {
  const auto begin = [&](ValueKind kind) { out.number(static_cast<std::uint8_t>(kind)); };
  if (const auto* text = value.text()) {
    begin(ValueKind::text);
    out.text(*text);
  } else if (const auto* integer = value.integer()) {
    begin(ValueKind::integer);
    out.number(*integer);
  } else if (const auto* list = value.list()) {
    begin(ValueKind::list);
    out.number(static_cast<std::uint64_t>(list->size()));
    for (const auto& each : *list) save_value(out, each);
  } else {
    begin(ValueKind::null);
  }
}

Value load_value(ByteReader& in, int depth_left = client_protocol::max_value_depth) {
  switch (const auto kind = in.number<std::uint8_t>(); static_cast<ValueKind>(kind)) {
    case ValueKind::null:
      return {};
    case ValueKind::text:
      return in.text();
    case ValueKind::integer:
      return in.number<std::int64_t>();
    case ValueKind::list: {
      if (depth_left == 0) break;
      Values list;
      for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
        list.push_back(load_value(in, depth_left - 1));
      }
      return list;
    }
  }
  throw std::runtime_error("a session with a value of no known kind");
}

void save_session(ByteWriter& out, std::uint64_t client, const Reply& reply) {
  out.number(client);
  out.number(reply.request);
  out.number(static_cast<std::uint8_t>(reply.status));
  save_value(out, reply.value);
  out.text(reply.message);
  out.number(static_cast<std::uint8_t>(reply.version.has_value()));
  out.number(reply.version.value_or(Index{}).value);
  out.number(static_cast<std::uint8_t>(reply.at.has_value()));
  out.number(reply.at.value_or(0));
  out.number(reply.index.value_or(Index{}).value);
  out.number(reply.term.value_or(Term{}).value);
  out.number(reply.command.value_or(0));
}

/// What follows the client.
Reply load_reply(ByteReader& in) {
  Reply reply;
  reply.request = in.number<std::uint64_t>();
  reply.status = static_cast<Status>(in.number<std::uint8_t>());
  reply.value = load_value(in);
  reply.message = in.text();
  const bool has_version = in.number<std::uint8_t>() != 0;
  const auto version = in.number<std::uint64_t>();
  if (has_version) reply.version = Index{version};
  const bool has_place = in.number<std::uint8_t>() != 0;
  const auto place = in.number<std::uint64_t>();
  if (has_place) reply.at = place;
  const auto index = in.number<std::uint64_t>();
  const auto term = in.number<std::uint64_t>();
  const auto command = in.number<trace::Digest>();
  if (index == 0) return reply;
  reply.index = Index{index};
  reply.term = Term{term};
  reply.command = command;
  return reply;
}

trace::Digest digest_of(std::uint64_t client, const Reply& reply) {
  constexpr std::uint8_t seed = 2;
  std::string session;
  ByteWriter out(session);
  save_session(out, client, reply);
  return trace::digest_of(seed, session);
}

}  // namespace

const Reply* Sessions::find(std::uint64_t client, std::uint64_t request) const {
  const auto found = last_.find(client);
  if (found == last_.end() || found->second.reply.request != request) return nullptr;
  return &found->second.reply;
}

bool Sessions::is_expired(std::uint64_t client, std::uint64_t request) const {
  const auto found = last_.find(client);
  if (found != last_.end()) return request < found->second.reply.request;
  return forgotten_ && client <= *forgotten_;
}

void Sessions::remember(std::uint64_t client, const Reply& reply) {
  replace(client, reply);
  if (last_.size() <= max_clients_) return;
  const auto lowest = last_.begin();
  digest_ -= lowest->second.digest;
  forgotten_ = lowest->first;
  last_.erase(lowest);
}

void Sessions::replace(std::uint64_t client, Reply reply) {
  auto& last = last_[client];
  digest_ -= last.digest;
  last.digest = digest_of(client, reply);
  digest_ += last.digest;
  last.reply = std::move(reply);
}

trace::Digest Sessions::digest() const {
  constexpr std::uint8_t seed = 3;
  if (!forgotten_) return digest_;
  return digest_ + trace::digest_of(seed, std::to_string(*forgotten_));
}

void Sessions::save(ByteWriter& out) const {
  out.number(static_cast<std::uint8_t>(forgotten_.has_value()));
  out.number(forgotten_.value_or(0));
  out.number(static_cast<std::uint64_t>(last_.size()));
  for (const auto& [client, last] : last_) save_session(out, client, last.reply);
}

void Sessions::load(ByteReader& in) {
  last_.clear();
  digest_ = 0;
  const bool has_forgotten = in.number<std::uint8_t>() != 0;
  const auto forgotten = in.number<std::uint64_t>();
  forgotten_ = has_forgotten ? std::optional(forgotten) : std::nullopt;
  for (auto left = in.number<std::uint64_t>(); left > 0; --left) {
    const auto client = in.number<std::uint64_t>();
    replace(client, load_reply(in));
  }
}

}  // namespace sunder
