#pragma once
// A violation without the details of its run: a bug that is found ninety times has one signature.
// Two runs have the same signature if the same property was broken, the proof has the same shape
// (its sentence, without the numbers and names of this run), and the same kinds of faults were
// active when it happened.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/verdict.h"
#include "results/report/fault_window.h"

namespace sunder::results {

struct Signature {
  /// "linearizable", "election safety", ...
  std::string property;
  /// "client # read # after a newer value"
  std::string shape;
  /// By name, each once: "kill", "partition".
  std::vector<std::string> faults;
  auto operator<=>(const Signature&) const = default;
};

struct Violation {
  Signature signature;
  /// Absent if the proof names no time.
  std::optional<history::Time> at;
};

/// A fault has effects for a while after it healed: elections go on, clients time out.
inline constexpr history::Time fault_aftermath = std::chrono::seconds(1);

/// A sentence without what differs from run to run: numbers, values and keys become '#', and what
/// is then repeated is written once.
std::string shape_of(std::string_view sentence);

/// As shape_of, of what a client saw. How it is known that there was a newer value (by a read, by a
/// write that had returned) is chance, and is left out too.
std::string shape_of(const checker::Counterexample& counterexample);

/// Whether the same property is violated in the same way, under any faults.
bool is_broken_alike(const checker::Verdict& verdict, const Signature& signature);

/// Of the first check that is invalid; empty if none is.
std::optional<Violation> violation_of(const checker::Verdict& verdict,
                                      std::span<const FaultWindow> faults);

}  // namespace sunder::results
