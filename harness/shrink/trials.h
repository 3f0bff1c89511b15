#pragma once
// Carries candidates out: what the shrinker learns by.

#include <chrono>
#include <filesystem>
#include <optional>

#include "harness/shrink/candidate.h"

namespace sunder::harness::shrink {

struct Tally {
  unsigned runs = 0;
  /// Those that failed in the way that is looked for.
  unsigned failures = 0;
  /// Those that came to no verdict.
  unsigned broken = 0;
};

class Trials {
 public:
  Trials() = default;
  virtual ~Trials() = default;
  Trials(const Trials&) = delete;
  Trials& operator=(const Trials&) = delete;

  /// How many are carried out at a time.
  virtual unsigned jobs() const = 0;

  /// Nothing may go on longer than that; carry_out() then returns nothing.
  virtual void end_at(std::chrono::steady_clock::time_point /*deadline*/) {}

  /// Nothing if it was interrupted. Throws std::invalid_argument if the candidate's flags are
  /// refused.
  virtual std::optional<Tally> carry_out(const Candidate& candidate, unsigned times) = 0;

  /// The folder of the last run that failed as it should; empty if none did.
  virtual std::filesystem::path example() const = 0;
};

}  // namespace sunder::harness::shrink
