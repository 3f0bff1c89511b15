#include <memory>

#include "node/mutants/mistakes.h"

namespace sunder::mistakes {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;

/// Writes and appends always succeed, it thinks, so why wait. A cas still waits for its verdict.
class AnsweredAtOnce : public Proposals {
 public:
  AnsweredAtOnce(Clients& clients, Reached reached)
      : Proposals(clients), reached_(std::move(reached)) {}

  void proposed(Index index, Clients::Connection connection, const Request& request) override {
    if (request.operation == Operation::cas) {
      Proposals::proposed(index, connection, request);
      return;
    }
    reached_();
    Reply reply;
    reply.request = request.request;
    clients().answer(connection, reply);
  }

 private:
  Reached reached_;
};

}  // namespace

void acknowledge_before_commit(Parts& parts, const Reached& reached) {
  parts.proposals = [reached](Clients& clients) {
    return std::make_unique<AnsweredAtOnce>(clients, reached);
  };
}

/// Not for reads, and not to stay: with CheckQuorum it would step down before others elect a new
/// leader, and the systems that made this mistake had none.
void read_without_quorum(Parts& parts, const Reached& reached) {
  parts.rules.leader_has_quorum = [](const raft::Configuration&,
                                     const std::function<bool(NodeId)>&) { return true; };
  parts.rules.read_is_confirmed = [right = parts.rules.read_is_confirmed, reached](
                                      const raft::Configuration& configuration,
                                      const std::function<std::uint64_t(NodeId)>& acknowledged,
                                      std::uint64_t round) {
    if (!right(configuration, acknowledged, round)) reached();
    return true;
  };
}

}  // namespace sunder::mistakes
