#include "harness/campaign/estimate.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace sunder::harness::campaign {

namespace {

/// Not one that hung, nor the canary, which ends as soon as it is found.
bool says_how_long_runs_take(const results::CampaignRun& run) {
  return !run.canary && run.outcome->ending == results::Ending::judged;
}

}  // namespace

std::chrono::seconds remaining_time(const results::Campaign& campaign,
                                    std::span<const double> running_seconds, unsigned jobs) {
  double expected_of_ended = 0;
  double took = 0;
  double expected_to_come = 0;
  for (const auto& run : campaign.runs) {
    if (!run.outcome) {
      expected_to_come += run.expected_seconds;
    } else if (says_how_long_runs_take(run)) {
      expected_of_ended += run.expected_seconds;
      took += run.outcome->seconds;
    }
  }
  const double pace = expected_of_ended > 0 ? took / expected_of_ended : 1;
  double work = expected_to_come * pace;
  for (const double seconds : running_seconds) work -= seconds;
  const auto seconds = std::ceil(std::max(work, 0.0) / std::max(jobs, 1U));
  return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

std::string text_of(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds < 90) return fmt::format("{} s", seconds);
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 60) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace sunder::harness::campaign
