#pragma once
// The members of the cluster. In a joint configuration (`outgoing` is not empty; §6, thesis 4.3),
// every decision needs a majority of the new voters and a majority of the outgoing voters.

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "node/raft/types.h"

namespace sunder::raft {

struct Configuration {
  std::set<NodeId> voters;
  std::set<NodeId> outgoing;
  /// Receive the log, but do not vote and are not counted.
  std::set<NodeId> learners;
  bool operator==(const Configuration&) const = default;

  bool is_joint() const { return !outgoing.empty(); }
  bool is_voter(NodeId node) const { return voters.contains(node) || outgoing.contains(node); }
  /// Voters, outgoing voters and learners.
  std::set<NodeId> members() const;
};

/// Whether the nodes for which `agrees` is true are a majority of each set of voters.
bool is_quorum(const Configuration& configuration, const std::function<bool(NodeId)>& agrees);

/// The greatest value v such that `value_of` is at least v for a quorum.
std::uint64_t quorum_value(const Configuration& configuration,
                           const std::function<std::uint64_t(NodeId)>& value_of);

trace::Configuration traced(Index index, const Configuration& configuration);

/// The data of a configuration entry.
std::string encode(const Configuration& configuration);
/// Throws std::runtime_error if `data` was not written by encode.
Configuration decode_configuration(std::string_view data);

}  // namespace sunder::raft
