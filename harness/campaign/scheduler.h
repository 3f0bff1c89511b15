#pragma once
// Carries a campaign's runs out, several at a time, each a process of its own: what happens to one
// is an outcome and never stops the rest. Invariant: whatever ends the program, campaign.json says
// what became of every run that had ended, and no process of a run is left.

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/campaign/run_folder.h"
#include "harness/campaign/seen_states.h"
#include "harness/plan.h"
#include "harness/process/child_process.h"
#include "harness/process/stop_signals.h"
#include "harness/process/watchdog.h"
#include "harness/progress_line.h"
#include "node/api/duration.h"
#include "results/campaign/campaign_store.h"

namespace sunder::harness::campaign {

class Scheduler {
 public:
  struct Options {
    unsigned jobs = 1;
    Duration run_timeout{};
    /// Folders of valid runs are removed unless all are kept.
    bool keep_all = false;
    /// Then the runs that are going on are ended, and have no outcome.
    std::optional<std::chrono::steady_clock::time_point> end_at = {};
    /// Of a hunt; 0: nothing is tried again.
    Duration hunt_budget{0};
  };

  /// The references must outlive it. `plans` are those of the campaign's runs, by position. Runs
  /// that have an outcome are left alone, and their plans are not used.
  Scheduler(results::Campaign& campaign, std::vector<Plan> plans,
            const results::CampaignStore& store, const Options& options, Watchdog& watchdog,
            ProgressLine& progress);

  /// Returns when every run has an outcome, or at a stop signal: then the runs that are going on
  /// are ended and have none.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  struct Running {
    Running(boost::asio::io_context& io, RunFolder its_folder)
        : folder(std::move(its_folder)), patience(io) {}

    RunFolder folder;
    Clock::time_point started = Clock::now();
    boost::asio::steady_timer patience;
    bool hung = false;
    std::unique_ptr<ChildProcess> process;
  };

  void require_machine() const;
  void start_more();
  void start(std::size_t position);
  void ended(std::size_t position, const std::string& how);
  void file(results::CampaignRun& run, Running& ended, const std::string& how);
  void try_again(std::size_t position);
  void announce(const results::CampaignRun& run);
  std::chrono::seconds time_left() const;
  void stop();
  void break_off();
  void save();
  void show_progress();
  std::string progress_line() const;

  results::Campaign& campaign_;
  std::vector<Plan> plans_;
  const results::CampaignStore& store_;
  Options options_;
  Watchdog& watchdog_;
  ProgressLine& progress_;
  SeenStates seen_states_;
  boost::asio::io_context io_;
  StopSignals signals_;
  boost::asio::steady_timer beat_;
  boost::asio::steady_timer end_;
  /// By their position in the campaign.
  std::map<std::size_t, Running> running_;
  std::size_t next_ = 0;
  bool stopped_ = false;
  Clock::time_point started_ = Clock::now();
  double seconds_before_;
};

}  // namespace sunder::harness::campaign
