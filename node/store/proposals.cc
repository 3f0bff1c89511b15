#include "node/store/proposals.h"

namespace sunder {

using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

void Proposals::proposed(Index index, Clients::Connection connection, const Request& request) {
  waiting_[index] = {connection, request.request};
}

void Proposals::applied(Index index, const Reply& reply) {
  const auto found = waiting_.find(index);
  if (found == waiting_.end()) return;
  clients_.answer(found->second.connection, reply);
  waiting_.erase(found);
}

void Proposals::leadership_lost(const std::optional<std::string>& leader_address) {
  for (const auto& [index, waiting] : waiting_) {
    Reply reply;
    reply.request = waiting.request;
    reply.status = Status::unknown;
    reply.leader = leader_address;
    clients_.answer(waiting.connection, reply);
  }
  waiting_.clear();
}

}  // namespace sunder
