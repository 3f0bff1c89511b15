#pragma once
// Carries a candidate out several times, as many at a time as the machine bears, and says how often
// it failed in the way that is looked for. One folder holds the last run that did.

#include <filesystem>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <signal.h>

#include "harness/shrink/candidate.h"
#include "harness/watchdog.h"
#include "results/campaign/signature.h"

namespace sunder::harness::shrink {

class Trials {
 public:
  struct Tally {
    unsigned runs = 0;
    unsigned failures = 0;
    /// Those that came to no verdict.
    unsigned broken = 0;
  };

  /// The references must outlive it. `folder` is its own.
  Trials(const std::filesystem::path& folder, const results::Signature& signature, unsigned jobs,
         Watchdog& watchdog);

  unsigned jobs() const { return jobs_; }

  /// Nothing if it was interrupted (SIGINT, SIGTERM). Throws std::invalid_argument if the
  /// candidate's flags are refused.
  std::optional<Tally> carry_out(const Candidate& candidate, unsigned times);

  /// The last run that failed as it should; empty if none did.
  std::filesystem::path example() const;

 private:
  bool was_interrupted();
  void keep_as_example(const std::filesystem::path& run) const;

  std::filesystem::path folder_;
  results::Signature signature_;
  unsigned jobs_;
  Watchdog& watchdog_;
  /// Also between the runs: without it a signal would end the program there and then.
  boost::asio::io_context io_;
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  bool is_interrupted_ = false;
};

}  // namespace sunder::harness::shrink
