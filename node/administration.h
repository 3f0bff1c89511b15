#pragma once
// Carries out administrators' requests (api/admin_protocol.h) and answers each when it has ended.

#include <optional>
#include <string>
#include <vector>

#include "node/api/admin_protocol.h"
#include "node/raft/raft.h"
#include "node/store/proposals.h"

namespace sunder {

class Administration {
 public:
  Administration(raft::Raft& raft, Clients& clients) : raft_(raft), clients_(clients) {}

  /// `leader_address` is for the hint in `not_leader`.
  void begin(Clients::Connection connection, const admin_protocol::Request& request,
             const std::optional<std::string>& leader_address);
  /// Answers the requests that have ended since the last call.
  void answer_finished();

 private:
  struct Waiting {
    Clients::Connection connection;
    std::uint64_t request;
    /// The voters that a change leads to.
    std::optional<std::set<NodeId>> goal;
    /// The target of a leadership transfer.
    std::optional<NodeId> heir;
  };

  std::string description() const;
  std::optional<client_protocol::Reply> outcome_of(const Waiting& waiting) const;
  client_protocol::Reply outcome_of_change(const Waiting& waiting) const;
  client_protocol::Reply outcome_of_transfer(const Waiting& waiting) const;

  raft::Raft& raft_;
  Clients& clients_;
  std::vector<Waiting> waiting_;
};

}  // namespace sunder
