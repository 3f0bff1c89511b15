#pragma once
// Conducts one run on real processes, from the first process started to the last one gone: its
// parts are made and connected here; phases.h says in which order they act. All that the run shows
// is on disk when run_test returns; nothing is judged here.

#include "harness/plan.h"
#include "harness/process/watchdog.h"
#include "harness/progress_line.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// Must be called on the main thread: the children die with the thread that started them. After one
/// Ctrl-C or SIGTERM the nodes are healed and the final reads are done all the same.
/// Throws std::runtime_error if the environment fails (a program missing, a disk full, no leader at
/// the start), or after a second Ctrl-C; what was recorded until then stays, every process is gone.
void run_test(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
              Watchdog& watchdog, ProgressLine& progress);

}  // namespace sunder::harness
