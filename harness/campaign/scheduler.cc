#include "harness/campaign/scheduler.h"

#include <fmt/format.h>
#include <signal.h>

#include "harness/campaign/estimate.h"
#include "harness/campaign/hunt.h"
#include "harness/campaign/planned_run.h"
#include "harness/process/programs.h"
#include "harness/run/environment.h"
#include "results/campaign/conclusion.h"
#include "results/campaign/table.h"

namespace sunder::harness::campaign {

using results::Standing;

namespace {

using ErrorCode = boost::system::error_code;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What a person who watches wants to hear of at once.
bool is_news(const results::CampaignRun& run) {
  const Standing standing = results::standing_of(run);
  if (run.canary || run.known_bad) return standing != Standing::found;
  return standing != Standing::valid && standing != Standing::found && standing != Standing::missed;
}

}  // namespace

Scheduler::Scheduler(results::Campaign& campaign, std::vector<Plan> plans,
                     const results::CampaignStore& store, const Options& options,
                     Watchdog& watchdog, ProgressLine& progress)
    : campaign_(campaign),
      plans_(std::move(plans)),
      store_(store),
      options_(options),
      watchdog_(watchdog),
      progress_(progress),
      seen_states_(store.states_path()),
      signals_(io_, [this] { break_off(); }),
      beat_(io_),
      end_(io_),
      seconds_before_(campaign.seconds) {}

void Scheduler::run() {
  require_machine();
  save();
  if (options_.end_at) {
    end_.expires_at(*options_.end_at);
    end_.async_wait([this](ErrorCode cancelled) {
      if (!cancelled) break_off();
    });
  }
  start_more();
  show_progress();
  io_.run();
}

/// For all runs at once, rather than each run failing for itself.
void Scheduler::require_machine() const {
  constexpr std::size_t per_run = 4;
  constexpr std::size_t others = 32;
  require_descriptors(others + per_run * options_.jobs, "the campaign");
  const Plan* largest = nullptr;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    if (campaign_.runs[i].outcome) continue;
    if (largest == nullptr || descriptors_for(plans_[i]) > descriptors_for(*largest)) {
      largest = &plans_[i];
    }
  }
  if (largest != nullptr) require_environment(*largest, store_.folder());
}

void Scheduler::start_more() {
  while (!stopped_ && running_.size() < options_.jobs && next_ < campaign_.runs.size()) {
    if (!campaign_.runs[next_].outcome) start(next_);
    ++next_;
  }
  if (running_.empty()) stop();
}

void Scheduler::start(std::size_t position) {
  campaign_.jobs = options_.jobs;
  auto& running =
      running_.try_emplace(position, io_, RunFolder(store_.folder(), campaign_.runs[position]))
          .first->second;
  running.folder.prepare();
  running.process = std::make_unique<ChildProcess>(
      io_, watchdog_,
      ChildProcess::Options{programs_folder() / "sunder",
                            running.folder.arguments(plans_[position]), running.folder.log_path()},
      [this, position](const std::string& how) { ended(position, how); });
  running.patience.expires_after(options_.run_timeout);
  running.patience.async_wait([this, position](ErrorCode cancelled) {
    // It may have ended at this very moment.
    const auto found = running_.find(position);
    if (cancelled || found == running_.end()) return;
    found->second.hung = true;
    found->second.process->signal(SIGKILL);
  });
}

void Scheduler::ended(std::size_t position, const std::string& how) {
  auto node = running_.extract(position);
  file(campaign_.runs[position], node.mapped(), how);
  try_again(position);
  save();
  start_more();
}

void Scheduler::try_again(std::size_t position) {
  const auto& ended = campaign_.runs[position];
  const auto seed = seed_of_next_attempt(campaign_, ended, options_.hunt_budget);
  if (!seed) return;
  auto next = with_seed({plans_[position], ended}, *seed);
  campaign_.runs.push_back(std::move(next.record));
  plans_.push_back(std::move(next.plan));
}

void Scheduler::file(results::CampaignRun& run, Running& ended, const std::string& how) {
  const double seconds = seconds_since(ended.started);
  auto outcome = ended.hung ? ended.folder.hung_outcome() : ended.folder.outcome(how);
  outcome.seconds = seconds;
  outcome.new_states = seen_states_.add(ended.folder.states());
  if (!options_.keep_all && outcome.validity == checker::Validity::valid) {
    ended.folder.remove();
    outcome.folder.clear();
  }
  run.outcome = std::move(outcome);
  announce(run);
}

/// On a terminal only what is news: the rest is in the line that is refreshed.
void Scheduler::announce(const results::CampaignRun& run) {
  if (progress_.on_terminal()) {
    if (is_news(run)) progress_.say(results::run_line(run));
    return;
  }
  progress_.say(fmt::format("{}/{}, {} left  {}", results::ended_runs(campaign_),
                            campaign_.runs.size(), text_of(time_left()), results::run_line(run)));
}

std::chrono::seconds Scheduler::time_left() const {
  std::vector<double> running_seconds;
  for (const auto& [position, running] : running_) {
    running_seconds.push_back(seconds_since(running.started));
  }
  return remaining_time(campaign_, running_seconds, options_.jobs);
}

void Scheduler::break_off() {
  running_.clear();
  stop();
  save();
}

void Scheduler::stop() {
  stopped_ = true;
  signals_.stop_waiting();
  beat_.cancel();
  end_.cancel();
}

void Scheduler::save() {
  campaign_.seconds = seconds_before_ + seconds_since(started_);
  store_.save(campaign_);
}

void Scheduler::show_progress() {
  if (stopped_ || !progress_.on_terminal()) return;
  progress_.show(progress_line());
  beat_.expires_after(progress_.interval());
  beat_.async_wait([this](ErrorCode cancelled) {
    if (!cancelled) show_progress();
  });
}

std::string Scheduler::progress_line() const {
  std::string line =
      fmt::format("{} of {} runs", results::ended_runs(campaign_), campaign_.runs.size());
  for (const Standing standing : results::all_standings()) {
    const auto number = results::number_of(campaign_, standing);
    if (number == 0 || standing == Standing::not_run) continue;
    line += fmt::format(", {} {}", number, results::name_of(standing));
  }
  return line + fmt::format("   {} running, about {} left", running_.size(), text_of(time_left()));
}

}  // namespace sunder::harness::campaign
