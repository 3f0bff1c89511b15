#pragma once
// Whether the system answered whenever it had to. With PreVote and CheckQuorum, a majority that
// stays up and connected elects a leader and keeps it, whatever happens to the other nodes; and an
// undisturbed cluster transfers leadership when it is ordered to. A node or a link is disturbed
// while a fault that could delay it is active. All are disturbed while sunder itself did not run.

#include <span>
#include <vector>

#include "checker/history/operation.h"
#include "checker/history/run_event.h"
#include "checker/verdict.h"
#include "nemesis/link.h"

namespace sunder::harness {

/// A span in which nothing disturbed these nodes and the links between them.
struct UndisturbedMajority {
  std::vector<NodeId> nodes;
  history::Time from{0};
  history::Time until{0};
  bool operator==(const UndisturbedMajority&) const = default;
};

/// Those that lasted at least `shortest`, by their begin. None if faults changed the voters: then
/// the majorities are not known here.
std::vector<UndisturbedMajority> undisturbed_majorities(std::span<const history::RunRecord> records,
                                                        int node_count, history::Time end,
                                                        history::Time shortest);

/// A span in which nothing disturbed any node or link, and no stall of sunder.
struct Quiet {
  history::Time from{0};
  history::Time until{0};
};
/// In order. None if faults changed the voters: who is needed is not known here.
std::vector<Quiet> quiet_spans(std::span<const history::RunRecord> records, int node_count,
                               history::Time end);

/// Whether nothing disturbed any node or link from the one time to the other.
bool is_undisturbed(std::span<const history::RunRecord> records, int node_count, history::Time from,
                    history::Time until);

/// "availability": invalid if operations were invoked and none returned ok for `bound` while a
/// majority was undisturbed; and so for the operations of each key, and of each client (worker
/// `process % concurrency`), as far as they waited all the time.
checker::CheckResult check_availability(std::span<const history::Operation> operations,
                                        std::span<const history::RunRecord> records, int node_count,
                                        history::Time bound, int concurrency);

/// "leadership transfer": invalid if sunder repeated the order to transfer leadership for `bound`,
/// the system did not carry it out, and nothing disturbed the cluster.
checker::CheckResult check_transfers(std::span<const history::RunRecord> records, int node_count,
                                     history::Time bound);

}  // namespace sunder::harness
