#pragma once
// An operation: an invocation and, if it came, its completion. Made from events by
// `OperationBuilder`; this is what the checkers judge.

#include <cstdint>
#include <limits>
#include <string>

#include "checker/history/event.h"

namespace sunder::history {

enum class Outcome {
  ok,    ///< Took effect between `invoked` and `returned`.
  fail,  ///< Certainly did not take effect.
  info,  ///< May take effect at any time after `invoked`, or never.
};

/// A place in the order of events. No two events share one.
using Position = std::int64_t;
constexpr Position never = std::numeric_limits<Position>::max();

struct Operation {
  ProcessId process{0};
  std::string f;
  std::string key;
  /// What was asked for: the value written, [expected, new] of a cas, nil of a read.
  Value argument;
  /// What the completion said: the value read. Equal to `argument` where nothing was answered.
  Value result;
  Outcome outcome = Outcome::info;
  /// Only in proofs: it was answered, but it may just as well have happened at another time before
  /// `returned`, or never.
  bool weakened = false;
  Position invoked = 0;
  /// `never` unless `outcome` is ok or fail.
  Position returned = never;
  Time invoked_at{0};
  /// Meaningful only where `returned` is not `never`.
  Time returned_at{0};
};

/// It took effect, between its invocation and its return.
inline bool must_happen(const Operation& operation) {
  return operation.outcome == Outcome::ok && !operation.weakened;
}

}  // namespace sunder::history
