#include "results/campaign/score.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "results/campaign/conclusion.h"

namespace sunder::results {

namespace {

constexpr double in_vain = std::numeric_limits<double>::infinity();
constexpr double soon_seconds = 30;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(const std::string& name, std::vector<std::string>& names) {
  if (!contains(names, name)) names.push_back(name);
}

struct HuntTime {
  double seconds = 0;
  bool is_found = false;
};

/// Of a mutant, by the seeds that its hunts began with.
using HuntTimes = std::map<std::uint64_t, HuntTime>;

void add_run(const CampaignRun& run, MutantScore& score, HuntTime& hunt) {
  const auto& outcome = *run.outcome;
  ++score.runs;
  if (contains(outcome.events, "mutant_reached")) ++score.reached;
  hunt.seconds += outcome.seconds;
  if (standing_of(run) != Standing::found) return;
  hunt.is_found = true;
  if (!outcome.signature) return;
  add_once(outcome.signature->property, score.by);
  for (const auto& fault : outcome.signature->faults) add_once(fault, score.faults);
}

void conclude(const HuntTimes& hunts, MutantScore& score) {
  std::vector<double> times;
  for (const auto& [seed, hunt] : hunts) {
    times.push_back(hunt.is_found ? hunt.seconds : in_vain);
    if (hunt.is_found) ++score.found;
  }
  score.hunts = times.size();
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  if (median != in_vain) score.median_seconds = median;
}

bool was_found(const MutantScore& score) {
  return score.found > 0;
}

bool was_found_soon(const MutantScore& score) {
  return score.median_seconds && *score.median_seconds <= soon_seconds;
}

}  // namespace

std::vector<MutantScore> mutant_scores(const Campaign& campaign) {
  std::vector<MutantScore> scores;
  std::map<std::string, HuntTimes> hunts;
  for (const CampaignRun& run : campaign.runs) {
    if (run.canary || run.mutant.empty() || !run.outcome) continue;
    if (run.outcome->ending != Ending::judged) continue;
    auto score = std::find_if(scores.begin(), scores.end(),
                              [&run](const auto& each) { return each.mutant == run.mutant; });
    if (score == scores.end()) {
      scores.emplace_back().mutant = run.mutant;
      score = std::prev(scores.end());
    }
    add_run(run, *score, hunts[run.mutant][run.first_seed]);
  }
  for (auto& score : scores) conclude(hunts[score.mutant], score);
  return scores;
}

std::string score_table(const Campaign& campaign) {
  const auto scores = mutant_scores(campaign);
  if (scores.empty()) return {};
  const auto found = std::count_if(scores.begin(), scores.end(), was_found);
  const auto soon = std::count_if(scores.begin(), scores.end(), was_found_soon);
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{} of {} mutants were found ({:.0f} %), {} of them within {:.0f} s.\n\n",
                 found, scores.size(), 100.0 * static_cast<double>(found) / scores.size(), soon,
                 soon_seconds);
  fmt::format_to(out, "| mutant | found | median time | by | faults at that time |\n");
  fmt::format_to(out, "|---|---|---|---|---|\n");
  for (const auto& score : scores) {
    const auto time =
        score.median_seconds ? fmt::format("{:.0f} s", *score.median_seconds) : std::string("");
    const auto remark = was_found(score)     ? fmt::format("{}", fmt::join(score.by, ", "))
                        : score.reached == 0 ? std::string("never reached")
                                             : std::string("reached, not found");
    fmt::format_to(out, "| {} | {} of {} | {} | {} | {} |\n", score.mutant, score.found,
                   score.hunts, time, remark, fmt::join(score.faults, ", "));
  }
  return text;
}

}  // namespace sunder::results
