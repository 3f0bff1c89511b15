#pragma once
// Trials on real processes, as many at a time as the machine bears. One folder holds the last run
// that failed as it should.

#include <filesystem>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <signal.h>

#include "harness/process/watchdog.h"
#include "harness/shrink/trials.h"
#include "results/campaign/signature.h"

namespace sunder::harness::shrink {

class ProcessTrials final : public Trials {
 public:
  /// The references must outlive it. `folder` is its own.
  ProcessTrials(const std::filesystem::path& folder, const results::Signature& signature,
                unsigned jobs, Watchdog& watchdog);

  unsigned jobs() const override { return jobs_; }
  /// Interrupted by SIGINT and SIGTERM.
  std::optional<Tally> carry_out(const Candidate& candidate, unsigned times) override;
  std::filesystem::path example() const override;

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
