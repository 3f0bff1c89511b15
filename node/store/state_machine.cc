#include "node/store/state_machine.h"

#include "node/store/command.h"

namespace sunder {

using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

std::string StateMachine::command_for(const Request& request) {
  return encode_command(request);
}

StateMachine::Replies StateMachine::apply(std::span<const raft::EntryPtr> entries) {
  Replies replies;
  for (const auto& entry : entries) {
    if (entry->type != raft::EntryType::command) continue;
    replies.emplace_back(entry->position.index, apply(*entry));
  }
  return replies;
}

Reply StateMachine::apply(const raft::Entry& entry) {
  const Request request = decode_command(entry.data);
  if (const auto* reply = earlier_reply(request)) return *reply;
  if (sessions_.is_expired(request.client, request.request)) {
    Reply reply;
    reply.request = request.request;
    reply.status = Status::session_expired;
    return reply;
  }
  auto reply = store_.apply(request, entry.position.index);
  reply.index = entry.position.index;
  reply.term = entry.position.term;
  reply.command = entry.digest;
  sessions_.remember(request.client, reply);
  return reply;
}

Reply StateMachine::read(const Request& request) const {
  return store_.read(request);
}

std::function<std::string()> StateMachine::freeze() {
  // The number of sessions is bounded, so they are copied; the store is not.
  return [items = store_.freeze(), sessions = encoded_sessions()] {
    std::string data;
    ByteWriter whole(data);
    KvStore::save(*items, whole);
    whole.raw(sessions);
    return data;
  };
}

std::string StateMachine::encoded_sessions() const {
  std::string data;
  ByteWriter out(data);
  sessions_.save(out);
  return data;
}

void StateMachine::restore(std::string_view data) {
  ByteReader in(data);
  store_.load(in);
  sessions_.load(in);
  in.expect_end();
}

}  // namespace sunder
