#pragma once
// The checks of a run that need no model: did anything succeed, was anything broken, did the nodes
// live. They keep an idle or sheltered run from being called valid.
// Surprise: a node that exits by itself is invalid, not unknown. A server that dies without being
// killed has broken the first promise it made, and its CHECKs abort on just the states that safety
// forbids; hiding that behind "unknown" would hide the bug that was found.

#include <string>
#include <vector>

#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "operations succeeded": unknown if no operation of any client is ok.
CheckResult check_operations_succeeded(const std::vector<history::Operation>& operations);

/// "faults injected": unknown if one of the kinds asked for never took effect. `injected` are the
/// kinds that did, in any order, repeated or not; `delays` is how long after their triggers those
/// struck that have one.
CheckResult check_faults_injected(const std::vector<std::string>& asked,
                                  const std::vector<std::string>& injected,
                                  std::vector<history::Time> delays = {});

/// A node's process that ended though nobody had ended it.
struct NodeExit {
  /// "n2"
  std::string node;
  history::Time time{0};
  /// "exit code 134", "signal 6 (Aborted)"
  std::string how;
};

/// "nodes stayed up": invalid if any exited by itself.
CheckResult check_nodes_stayed_up(const std::vector<NodeExit>& exits);

}  // namespace sunder::checker
