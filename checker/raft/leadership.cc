#include "checker/raft/leadership.h"

#include <algorithm>
#include <optional>

#include "checker/invariant.h"
#include "checker/raft/trace_reader.h"

namespace sunder::checker::raft {

namespace {

/// The role an event puts a node into; nothing if it leaves it where it is.
std::optional<NodeRole> role_after(const trace::Event& event) {
  if (std::holds_alternative<trace::Started>(event)) return NodeRole::follower;
  if (std::holds_alternative<trace::BecameFollower>(event)) return NodeRole::follower;
  if (std::holds_alternative<trace::BecameCandidate>(event)) return NodeRole::candidate;
  if (std::holds_alternative<trace::BecameLeader>(event)) return NodeRole::leader;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(NodeRole role) {
  switch (role) {
    case NodeRole::follower:
      return "follower";
    case NodeRole::candidate:
      return "candidate";
    case NodeRole::leader:
      return "leader";
  }
  CHECK(false, "role {}", static_cast<int>(role));
}

std::vector<RoleChange> read_leadership(const std::vector<std::filesystem::path>& traces) {
  std::vector<RoleChange> changes;
  for (const auto& path : traces) {
    if (!std::filesystem::exists(path)) continue;
    std::optional<RoleChange> current;
    read_trace(path, [&](const trace::Record& record) {
      const bool started = std::holds_alternative<trace::Started>(record.event);
      const auto role = role_after(record.event);
      if (!role && !current) return;
      const RoleChange next{record.time, sunder::name_of(record.node), record.term.value,
                            role ? *role : current->role, started};
      if (current && !started && current->role == next.role && current->term == next.term) return;
      current = next;
      changes.push_back(next);
    });
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& left, const auto& right) { return left.time < right.time; });
  return changes;
}

}  // namespace sunder::checker::raft
