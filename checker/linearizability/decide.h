#pragma once
// Decides one object's history by the fastest exact procedure that applies: zones for a register
// with unique values, the order of a queue with unique values, else the search.
// The search's invalid histories are cut to a window: if the operations around the event where
// every order gets stuck cannot be ordered from any state at all, what came before does not matter,
// and the whole past need not be searched to know it.

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
  /// Set when the answer is of no interest any more; may be null.
  const std::atomic<bool>* is_moot = nullptr;
};

struct Decision {
  Validity validity = Validity::unknown;
  /// "zones", "queue order", "values" (one was seen that nobody wrote), "search"
  std::string_view procedure;
  /// Of an invalid history, not yet the smallest.
  Conflict conflict;
  /// Of an undecided history: why, and how many operations had returned before the last event that
  /// some order reaches.
  std::string_view gave_up_because;
  std::size_t decided_operations = 0;
  std::uint64_t configurations = 0;
  std::size_t memory_bytes = 0;
};

/// `operations` by invocation; none is foreign to the model.
Decision decide(std::span<const history::Operation* const> operations, const ErasedModel& model,
                const Limits& limits);

/// Only whether a conflict is one. Unknown past the limits.
Validity decide_conflict(const Conflict& conflict, const ErasedModel& model, const Limits& limits);

}  // namespace sunder::checker
