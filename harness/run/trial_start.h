#pragma once
// One start of a system without faults, for `sunder system check`: its nodes, its setup, a first
// call of each operation, its end. It says what each step took and what was answered. Everything
// is in the store's folder; nothing runs when it returns.

#include "harness/plan.h"
#include "harness/process/watchdog.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// Prints to standard output. False if the start or the setup failed, an adapter broke, or no call
/// succeeded. Throws std::runtime_error if the environment fails.
bool try_start(const Plan& plan, const results::RunStore& store, Watchdog& watchdog);

}  // namespace sunder::harness
