#pragma once
// Trials on real processes, as many at a time as the machine bears. One folder holds the last run
// that failed as it should.

#include <chrono>
#include <filesystem>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "harness/process/stop_signals.h"
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
  void end_at(std::chrono::steady_clock::time_point deadline) override { deadline_ = deadline; }
  /// Interrupted by a stop signal.
  std::optional<Tally> carry_out(const Candidate& candidate, unsigned times) override;
  std::filesystem::path example() const override;
  /// Of the runs of the last carry_out() that ended, also if it was interrupted.
  const Tally& ended() const { return ended_; }

 private:
  bool was_interrupted();
  bool is_out_of_time() const;
  void keep_as_example(const std::filesystem::path& run) const;

  std::filesystem::path folder_;
  results::Signature signature_;
  unsigned jobs_;
  Watchdog& watchdog_;
  /// Also between the runs: without it a signal would end the program there and then.
  boost::asio::io_context io_;
  bool is_interrupted_ = false;
  StopSignals signals_{io_, [this] { is_interrupted_ = true; }};
  Tally ended_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace sunder::harness::shrink
