#pragma once
// Histories of objects whose clients remember something, such as the lock that they hold, and of
// objects whose crashed operations may have happened: locks, counters, sets, banks, versions.
// A broken history has one wrong answer, half-way through, that no crashed operation excuses.

#include <vector>

#include "checker/bench/object_generator_bench.h"

namespace sunder::checker::bench {

/// Rows for bench_objects().
std::vector<ObjectRow> client_objects();

}  // namespace sunder::checker::bench
