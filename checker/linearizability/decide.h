#pragma once
// Decides one object's history by the fastest exact procedure that applies: zones for a register
// with unique values, the order of a queue with unique values, else the search.
// If the search is stuck at an event, it tries the window of operations around that event. If they
// cannot be linearized from any state, the history is invalid, and its long beginning need not be
// searched.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "checker/linearizability/conflict.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct Limits {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::size_t memory_bytes = std::size_t{4} << 30;
  /// Set to true when the answer is no longer needed. May be null.
  const std::atomic<bool>* is_moot = nullptr;
};

struct Decision {
  Validity validity = Validity::unknown;
  /// "zones", "queue order", "values" (a value was read that no operation wrote), "search"
  std::string_view procedure;
  /// If invalid: the operations that cannot be linearized, not yet minimized.
  Conflict conflict;
  /// If unknown: why, and how many operations had returned before the last event that the search
  /// reached.
  std::string_view gave_up_because;
  std::size_t decided_operations = 0;
  std::uint64_t configurations = 0;
  std::size_t memory_bytes = 0;
};

/// `operations` are sorted by invocation and belong to the model.
Decision decide(std::span<const history::Operation* const> operations, const ErasedModel& model,
                const Limits& limits);

/// Whether the operations of the conflict cannot be linearized. Unknown if a limit is reached.
Validity decide_conflict(const Conflict& conflict, const ErasedModel& model, const Limits& limits);

}  // namespace sunder::checker
