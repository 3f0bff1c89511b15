#include "node/state_machine.h"

#include "node/command.h"

namespace sunder {

using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

Reply StateMachine::apply(std::string_view command) {
  const Request request = decode_command(command);
  if (const auto* reply = earlier_reply(request)) return *reply;
  if (sessions_.is_expired(request.client, request.request)) {
    Reply reply;
    reply.request = request.request;
    reply.status = Status::session_expired;
    return reply;
  }
  auto reply = store_.apply(request);
  sessions_.remember(request.client, reply);
  return reply;
}

Reply StateMachine::read(const Request& request) const {
  Reply reply;
  reply.request = request.request;
  reply.value = store_.read(request.key);
  return reply;
}

std::function<std::string()> StateMachine::freeze() {
  // There is a bound to how many sessions there are, but none to the store.
  std::string sessions;
  ByteWriter out(sessions);
  sessions_.save(out);
  return [values = store_.freeze(), sessions = std::move(sessions)] {
    std::string data;
    ByteWriter whole(data);
    KvStore::save(*values, whole);
    whole.raw(sessions);
    return data;
  };
}

void StateMachine::restore(std::string_view data) {
  ByteReader in(data);
  store_.load(in);
  sessions_.load(in);
  in.expect_end();
}

}  // namespace sunder
