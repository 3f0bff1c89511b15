#pragma once
// The checks of a run that need no model: operations succeeded, faults took effect, nodes stayed
// up. Without them a run that tested nothing would be valid. Surprise: a node that exits by itself
// is invalid, not unknown. Its CHECKs abort in exactly the states that safety forbids, so "unknown"
// would hide the bug that was found.

#include <string>
#include <vector>

#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "operations succeeded": unknown if no operation is ok, with the most frequent errors.
CheckResult check_operations_succeeded(const history::History& history);

/// Whether operations were answered, each of them with a refusal that observed nothing. Such a
/// system was never asked what it can do, so that nothing of it can be judged.
bool is_every_answer_a_refusal(const history::History& history);

/// "answers judged": unknown if none of the ok operations was judged, since each of them is one of
/// `left_out`, the reads whose answer is not known.
CheckResult check_answers_judged(const std::vector<history::Operation>& operations,
                                 std::size_t left_out);

/// Which of the requested kinds must have taken effect: each that the user named; of those that a
/// composite name drew, any.
enum class MustHappen { each, any };

/// "faults injected": unknown if what must have taken effect did not. `injected` are the kinds of
/// the injected faults in any order, with repetitions. `delays` are the times between triggers and
/// their faults.
CheckResult check_faults_injected(const std::vector<std::string>& asked,
                                  const std::vector<std::string>& injected,
                                  std::vector<history::Time> delays = {},
                                  MustHappen must_happen = MustHappen::each);

/// Those of the requested kinds that never took effect, each once.
std::vector<std::string> kinds_not_injected(const std::vector<std::string>& asked,
                                            const std::vector<std::string>& injected);

/// A node's process that ended by itself.
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
