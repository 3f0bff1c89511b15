#pragma once
// Makes a failing run smaller, step by step. After each step a function decides whether the smaller
// run still fails. Invariant: the result failed when it was last tried.

#include <functional>
#include <vector>

#include "checker/history/run_event.h"
#include "harness/shrink/candidate.h"
#include "node/api/trace.h"

namespace sunder::harness::shrink {

/// Whether the candidate fails often enough.
using Fails = std::function<bool(const Candidate&)>;

/// Fewer faults: Zeller's delta debugging, until every single fault is needed.
Candidate with_fewer_faults(Candidate failing, const Fails& fails);

/// Only the faults that were active in the last seconds before the violation, without the time
/// before them. It tries the shortest span first, because every later try then takes less time.
Candidate with_only_what_came_shortly_before(Candidate failing, history::Time violation,
                                             const Fails& fails);

/// All faults earlier by the time before the first one. The run becomes shorter.
Candidate without_the_wait(Candidate failing, const Fails& fails);

/// A shorter run, fewer clients, fewer keys, fewer nodes.
Candidate with_a_smaller_plan(Candidate failing, const Fails& fails);

/// What a run of the candidate recorded.
struct Recording {
  std::vector<history::RunRecord> faults;
  /// The traces of all nodes, by time.
  std::vector<trace::Record> records;
};

/// Replaces times by triggers, "at 7310ms" by "when a node becomes leader", where the run still
/// fails: a trigger fires at the right moment even if the rest of the run is slower or faster. The
/// recording shows which event came before each fault.
Candidate with_triggers(Candidate failing, const Recording& recording, const Fails& fails);

/// Rounds times to a tenth of a second, or to ten milliseconds where the run then no longer fails.
Candidate with_round_times(Candidate failing, const Fails& fails);

}  // namespace sunder::harness::shrink
