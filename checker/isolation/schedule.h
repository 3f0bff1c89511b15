#pragma once
// One order of all nodes that keeps a graph without cycles, in which no writer overwrites a version
// of a key before all its readers. It looks ahead: it takes a writer only if the readers of what it
// writes can still come before all other writers that are left. Invariant: an executable order can
// be executed. Surprise: it never takes back a choice, so it may find none although there is one.

#include <optional>
#include <vector>

#include "checker/isolation/level_graph.h"
#include "checker/isolation/version_pairs.h"

namespace sunder::checker::isolation {

struct Schedule {
  std::vector<Node> order;
  /// Whether no version was overwritten before it was read.
  bool is_executable = true;
};

/// Of a graph of Forbidden::any. If it has a cycle, the order lacks nodes and is not executable. If
/// all nodes that are left wait for one another, it ends, or goes on with one that overwrites what
/// is still to be read.
Schedule schedule(const LevelGraph& graph, const VersionPairs& pairs, bool goes_on);

}  // namespace sunder::checker::isolation
