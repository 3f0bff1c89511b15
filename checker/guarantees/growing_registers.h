#pragma once
// The history of registers whose values are numbers that one writer a key makes grow, as the checks
// of sessions and of monotonic reads take it.
// Surprise: a register that was never written holds 0. A write whose outcome is unknown must be the
// last one of its register: it could take effect behind a later one.

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// An invocation or a return.
struct RegisterEvent {
  history::Position position;
  const history::Operation* operation;
  bool is_return;
};

/// All invocations, and the returns of ok operations, in the order of the history. Throws
/// AssumptionBroken if an operation is no read or write of a number, if a key's writes do not grow,
/// or if one begins before the one in front has ended.
std::vector<RegisterEvent> events_of_growing_registers(const history::History& history,
                                                       Budget& budget);

/// What the operation wrote or read; 0 for nil.
std::int64_t number_of(const history::Operation& operation);

/// The writes by key and number.
class Writes {
 public:
  Writes(const history::History& history, Budget& budget);

  /// Null if nobody wrote it, or its write failed.
  const history::Operation* find(const history::Name& key, std::int64_t number) const;
  /// The violation of a read that can't have seen its number: a failed write had set it, or nobody
  /// had written it before the read returned. Nothing if it can.
  std::optional<CheckResult> flaw_of(const history::Operation& read, std::string_view check) const;

 private:
  const history::Operation* any(const history::Name& key, std::int64_t number) const;

  using OfKey = std::unordered_map<std::int64_t, const history::Operation*>;
  std::unordered_map<std::string_view, OfKey> writes_;
};

}  // namespace sunder::checker
