#pragma once
// An operation: an invocation and its completion, if there is one. OperationBuilder makes
// operations from events, and the checkers take operations.

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "checker/history/event.h"
#include "checker/history/name.h"

namespace sunder::history {

enum class Outcome {
  ok,    ///< Took effect between `invoked` and `returned`.
  fail,  ///< Certainly did not take effect.
  info,  ///< May take effect at any time after `invoked`, or never.
};

std::string_view name_of(Outcome outcome);

/// A position in the order of events. No two events have the same.
using Position = std::int64_t;
constexpr Position never = std::numeric_limits<Position>::max();

struct Operation {
  ProcessId process{0};
  Name f;
  Name key;
  /// The argument: the value of a write, [expected, new] of a cas, nil for a read.
  Value argument;
  /// The completion's value, such as the value read, or the one that a refused cas found. Equal to
  /// `argument` if there is none.
  Value result;
  Outcome outcome = Outcome::info;
  /// Only in counterexamples: it completed, but the proof holds also if it happened at another time
  /// before `returned`, or never.
  bool weakened = false;
  /// It failed because what it requires was not so (is_refused in event.h): for the figures.
  bool refused = false;
  Position invoked = 0;
  /// `never` unless `outcome` is ok or fail.
  Position returned = never;
  Time invoked_at{0};
  /// When it returned, or when its client gave up. 0 if the history does not say.
  Time returned_at{0};
  /// What the completion said besides its value. Null if it said nothing more.
  std::shared_ptr<const Answer> answer;
};

/// What its values hold besides its own size.
inline std::size_t heap_bytes_of(const Operation& operation) {
  return heap_bytes_of(operation.argument) + heap_bytes_of(operation.result);
}

/// It was refused, and the system said what it found instead.
inline bool says_what_it_found(const Operation& operation) {
  return operation.outcome == Outcome::fail && operation.answer != nullptr &&
         operation.answer->found.has_value();
}

/// A cas that was refused and said what it found, or a dequeue that was refused because the queue
/// was empty. It observed `result`, as a read does.
inline bool is_refusal(const Operation& operation) {
  return says_what_it_found(operation) &&
         (operation.f == "cas" || (operation.f == "dequeue" && operation.answer->found->is_nil()));
}

/// It certainly had no effect, and it observed nothing.
inline bool is_void(const Operation& operation) {
  return operation.outcome == Outcome::fail && !is_refusal(operation);
}

/// Whether `result` is what the object answered.
inline bool is_answered(const Operation& operation) {
  return operation.outcome == Outcome::ok || is_refusal(operation);
}

/// Whether it took effect, or observed something, between its invocation and its return.
inline bool must_happen(const Operation& operation) {
  return is_answered(operation) && !operation.weakened;
}

}  // namespace sunder::history
