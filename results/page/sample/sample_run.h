#pragma once
// A made-up run of five nodes for the tests of the page: the same seed gives the same run. It has
// leaders, elections, kills, pauses, partitions, pauses of service and, if asked for, a stale read.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/operation.h"
#include "results/report/report.h"

namespace sunder::results {

enum class SampleKind {
  valid,
  stale_read,         ///< Not linearizable, with a counterexample.
  two_leaders,        ///< Election safety broken, with evidence from traces.
  stale_transaction,  ///< Not strict serializable: a cycle of two transactions.
  no_operations,      ///< Nothing happened: unknown.
};

struct SampleRun {
  /// Its `operations` refer to the ones below, so a sample is neither copied nor moved.
  ReportInput input;
  std::vector<history::Operation> operations;
  /// Invocations, completions and faults in their order, as history.jsonl holds them.
  std::vector<history::Event> events() const;

  SampleRun(SampleKind kind, std::size_t operation_count, std::uint64_t seed);
  SampleRun(const SampleRun&) = delete;
  SampleRun& operator=(const SampleRun&) = delete;
};

}  // namespace sunder::results
