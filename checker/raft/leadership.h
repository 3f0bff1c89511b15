#pragma once
// Who was what, when: the roles of the nodes over time, for reports. It needs nothing of the node's
// vocabulary, so rooms that may not know a trace can include it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/event.h"

namespace sunder::checker::raft {

enum class NodeRole { follower, candidate, leader };

std::string_view name_of(NodeRole role);

/// From `time` on the node was in that role and term.
struct RoleChange {
  history::Time time{0};
  /// "n2"
  std::string node;
  std::uint64_t term = 0;
  NodeRole role = NodeRole::follower;
  /// It had just started: before, it was not running.
  bool has_started = false;
};

/// By time. Repetitions of role and term are left out. Missing files are skipped.
std::vector<RoleChange> read_leadership(const std::vector<std::filesystem::path>& traces);

}  // namespace sunder::checker::raft
