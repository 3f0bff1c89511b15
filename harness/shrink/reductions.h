#pragma once
// What can be left out of a failing run, step by step, each step judged by a function that says
// whether what is left still fails. Invariant: the result failed when it was tried last.

#include <functional>
#include <vector>

#include "checker/history/run_event.h"
#include "harness/shrink/candidate.h"
#include "node/api/trace.h"

namespace sunder::harness::shrink {

/// Whether the candidate fails often enough.
using Fails = std::function<bool(const Candidate&)>;

/// Fewer faults: Zeller's delta debugging, until no single one can be left out.
Candidate with_fewer_faults(Candidate failing, const Fails& fails);

/// Only the faults that were felt in the last seconds before the violation, and nothing of the time
/// before them: the fewer the seconds, the shorter every later try.
Candidate with_only_what_came_shortly_before(Candidate failing, history::Time violation,
                                             const Fails& fails);

/// All faults as much earlier as the first of them can be, and so the run shorter.
Candidate without_the_wait(Candidate failing, const Fails& fails);

/// A shorter run, fewer clients, fewer keys, fewer nodes.
Candidate with_a_smaller_plan(Candidate failing, const Fails& fails);

/// What a run of the candidate has recorded of itself.
struct Recording {
  std::vector<history::RunRecord> faults;
  /// Of all nodes, in the order of time.
  std::vector<trace::Record> records;
};

/// Times replaced by triggers, "at 7310ms" by "when a node becomes leader", where that fails too: a
/// trigger strikes at the same moment when everything else takes a little more or less time. Which
/// event is meant is told from the recording.
Candidate with_triggers(Candidate failing, const Recording& recording, const Fails& fails);

/// Times that a person would have written: to a tenth of a second, or to ten milliseconds where
/// that is too coarse.
Candidate with_round_times(Candidate failing, const Fails& fails);

}  // namespace sunder::harness::shrink
