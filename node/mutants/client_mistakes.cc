#include <memory>

#include "node/mutants/mistakes.h"
#include "node/mutants/replaced_rule.h"

namespace sunder::mistakes {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using raft::Time;

/// Whether the command is refused only for what it is, never for what it finds.
bool finds_nothing_out(Operation operation) {
  switch (operation) {
    case Operation::write:
    case Operation::append:
    case Operation::push:
    case Operation::add:
    case Operation::remove:
    case Operation::increment:
    case Operation::enqueue:
      return true;
    default:
      return false;
  }
}

/// Writes, appends and the like are answered before they are committed. The others wait.
class AnsweredAtOnce : public Proposals {
 public:
  AnsweredAtOnce(Clients& clients, Reached reached)
      : Proposals(clients), reached_(std::move(reached)) {}

  void proposed(Index index, Clients::Connection connection, const Request& request) override {
    if (!finds_nothing_out(request.operation)) {
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

class TooSureClients : public Clients {
 public:
  TooSureClients(Clients& clients, Reached reached)
      : clients_(clients), reached_(std::move(reached)) {}

  void answer(Connection connection, const Reply& reply) override {
    auto surely = reply;
    if (reply.status == Status::unknown) {
      reached_();
      surely.status = Status::not_leader;
    }
    clients_.answer(connection, surely);
  }

 private:
  Clients& clients_;
  Reached reached_;
};

/// A base before Proposals, so that the clients are constructed first.
class ReportedAsFailed : private TooSureClients, public Proposals {
 public:
  ReportedAsFailed(Clients& clients, const Reached& reached)
      : TooSureClients(clients, reached), Proposals(static_cast<TooSureClients&>(*this)) {}
};

template <typename Mistaken>
void replace_proposals(Parts& parts, const Reached& reached) {
  parts.proposals = [reached](Clients& clients) {
    return std::make_unique<Mistaken>(clients, reached);
  };
}

}  // namespace

/// Without check-quorum, too: with it the leader would step down before the others elect a new one,
/// and the systems that made this mistake did not have it.
void read_without_quorum(Parts& parts, const Reached& reached) {
  parts.rules.leader_has_quorum = [](const raft::Configuration&,
                                     const std::function<bool(NodeId)>&) { return true; };
  replace(parts.rules.read_is_confirmed, reached,
          [](bool, const raft::Configuration&, const std::function<std::uint64_t(NodeId)>&,
             std::uint64_t) { return true; });
}

/// The predecessor may have committed and answered entries that this leader does not know as
/// committed.
void read_before_the_first_commit(Parts& parts, const Reached& reached) {
  replace(parts.rules.may_begin_reads, reached,
          [](bool, const raft::Log&, Index, Term) { return true; });
}

/// Replies to the previous round may already be on their way.
void reuse_the_round_of_a_read(Parts& parts, const Reached& reached) {
  replace(parts.rules.round_of_reads, reached,
          [](std::uint64_t, std::uint64_t latest_round) { return latest_round; });
}

/// The reply may have waited long, in the network or in the socket of a paused leader.
void count_the_lease_from_the_answer(Parts& parts, const Reached& reached) {
  replace(parts.rules.lease_began, reached,
          [](Time, Time, const std::function<Time()>& acknowledged) { return acknowledged(); });
}

void acknowledge_before_commit(Parts& parts, const Reached& reached) {
  replace_proposals<AnsweredAtOnce>(parts, reached);
}

/// The command was not committed when leadership was lost, and is reported as failed.
void call_a_lost_command_failed(Parts& parts, const Reached& reached) {
  replace_proposals<ReportedAsFailed>(parts, reached);
}

}  // namespace sunder::mistakes
