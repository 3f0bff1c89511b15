#pragma once
// Whether a client waited long for an answer although nothing delayed it: no fault was active,
// sunder ran, and all the while the system answered other clients that ask the same node first.
// Then neither an election nor a busy machine explains the wait: an answer was lost. Surprise:
// without such other clients nothing is judged, because the machine could be to blame.

#include <span>

#include "checker/history/operation.h"
#include "checker/history/run_event.h"
#include "checker/verdict.h"

namespace sunder::harness {

/// How clients are spread: client `process` is worker `process % concurrency`, and worker `w` asks
/// node `1 + w % nodes` first.
struct Clients {
  int concurrency = 1;
  int nodes = 1;
};

/// "answers": invalid if an answer was lost, as above, for an operation that took longer than
/// `bound`.
checker::CheckResult check_answers(std::span<const history::Operation> operations,
                                   std::span<const history::RunRecord> records,
                                   const Clients& clients, history::Time bound);

}  // namespace sunder::harness
