#pragma once
// Conducts one run from the first process started to the last one gone: starts the nodes, lets the
// clients and the nemesis loose on them, heals, reads once more, stops. Everything it learns is on
// disk when it returns; nothing is judged here.

#include "harness/plan.h"
#include "harness/process/watchdog.h"
#include "harness/progress_line.h"
#include "nemesis/schedule/schedule.h"
#include "results/store/run_store.h"

namespace sunder::harness {

enum class RunEnd {
  finished,
  interrupted,  ///< By Ctrl-C or SIGTERM; healed and read once more all the same.
};

/// Must be called on the main thread: the children die with the thread that started them.
/// Throws std::runtime_error if the environment fails (a program missing, a disk full, no leader at
/// the start); what was recorded until then stays, every process is gone.
RunEnd run_test(const Plan& plan, const nemesis::Schedule& schedule, const results::RunStore& store,
                Watchdog& watchdog, ProgressLine& progress);

}  // namespace sunder::harness
