#include "node/store/sessions.h"

#include <string>
#include <utility>

namespace sunder {

using client_protocol::Reply;
using client_protocol::Status;

namespace {

void save_session(ByteWriter& out, std::uint64_t client, const Reply& reply) {
  out.number(client);
  out.number(reply.request);
  out.number(static_cast<std::uint8_t>(reply.status));
  out.number(static_cast<std::uint8_t>(reply.value.has_value()));
  out.text(reply.value.value_or(""));
  out.number(reply.index.value_or(Index{}).value);
  out.number(reply.term.value_or(Term{}).value);
  out.number(reply.command.value_or(0));
}

/// What follows the client.
Reply load_reply(ByteReader& in) {
  Reply reply;
  reply.request = in.number<std::uint64_t>();
  reply.status = static_cast<Status>(in.number<std::uint8_t>());
  const bool has_value = in.number<std::uint8_t>() != 0;
  const auto value = in.text();
  if (has_value) reply.value = value;
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
  replace(client, reply);
  if (last_reply_.size() <= max_clients_) return;
  const auto lowest = last_reply_.begin();
  digest_ -= digest_of(lowest->first, lowest->second);
  forgotten_ = lowest->first;
  last_reply_.erase(lowest);
}

void Sessions::replace(std::uint64_t client, Reply reply) {
  const auto [place, is_new] = last_reply_.try_emplace(client);
  if (!is_new) digest_ -= digest_of(client, place->second);
  place->second = std::move(reply);
  digest_ += digest_of(client, place->second);
}

trace::Digest Sessions::digest() const {
  constexpr std::uint8_t seed = 3;
  if (!forgotten_) return digest_;
  return digest_ + trace::digest_of(seed, std::to_string(*forgotten_));
}

void Sessions::save(ByteWriter& out) const {
  out.number(static_cast<std::uint8_t>(forgotten_.has_value()));
  out.number(forgotten_.value_or(0));
  out.number(static_cast<std::uint64_t>(last_reply_.size()));
  for (const auto& [client, reply] : last_reply_) save_session(out, client, reply);
}

void Sessions::load(ByteReader& in) {
  last_reply_.clear();
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
