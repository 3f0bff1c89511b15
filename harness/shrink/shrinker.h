#pragma once
// Makes a failing run small: tries what can be left out (reductions.h, trials.h), keeps
// what fails often enough (sequential_decision.h), and goes on from there. A few runs may fail by
// luck, and of many candidates the lucky ones are kept; so what is left in the end is measured, and
// if it fails too rarely, steps are taken back. All that was decided is in shrink.json after each
// step, so it can be stopped at any moment and goes on where it was.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/progress_line.h"
#include "harness/shrink/failed_run.h"
#include "harness/shrink/trials.h"

namespace sunder::harness::shrink {

/// How often something failed of how many times.
struct Rate {
  unsigned failures = 0;
  unsigned runs = 0;
  double value() const { return runs == 0 ? 0 : static_cast<double>(failures) / runs; }
};

enum class Ending {
  smallest,  ///< Nothing more can be left out.
  out_of_time,
  interrupted,
  not_reproduced,  ///< The run itself did not fail again.
};

struct Shrunk {
  Ending ending = Ending::smallest;
  Candidate candidate;
  Rate before;
  Rate after;
  std::chrono::seconds took{0};
};

class Shrinker {
 public:
  /// The references must outlive it. `folder` is its own; what it did there before is gone on with,
  /// if it was for the same run. Throws std::runtime_error if that cannot be read.
  Shrinker(const FailedRun& run, const std::filesystem::path& folder,
           std::chrono::nanoseconds budget, Trials& trials, ProgressLine& progress);

  Shrunk shrink();

 private:
  /// Thrown in the middle of a reduction.
  struct Stop {
    Ending why;
  };

  void resume();
  void save() const;
  Rate measure(const Candidate& candidate, unsigned times);
  void reduce();
  bool holds_what_it_promises();
  void take_back();
  Ending settle();
  unsigned affordable_runs() const;
  std::optional<Tally> timed(const Candidate& candidate, unsigned times);
  bool fails(const Candidate& candidate);
  Tally carry_out(const Candidate& candidate, unsigned times);
  std::chrono::nanoseconds spent() const;
  void show() const;

  const FailedRun& run_;
  std::filesystem::path folder_;
  std::chrono::nanoseconds budget_;
  Trials& trials_;
  ProgressLine& progress_;
  Candidate best_;
  /// What was the best before it, in turn; the first is the run itself.
  std::vector<Candidate> steps_;
  Rate before_;
  Rate after_;
  /// Candidates that fail too rarely, by what they are.
  std::set<std::uint64_t> rejected_;
  unsigned tried_ = 0;
  /// As many runs as are carried out at a time took so long the last time.
  std::chrono::nanoseconds batch_took_{0};
  std::chrono::nanoseconds spent_before_{0};
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// "kill leader when a node became leader; partition one leader at 1.2s: 8 of 10 runs break
/// commitment"
std::string sentence_of(const Shrunk& shrunk, const results::Signature& signature);

}  // namespace sunder::harness::shrink
