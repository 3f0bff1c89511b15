#include "results/campaign/conclusion.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::results {

using checker::Validity;

std::vector<Standing> all_standings() {
  return {Standing::invalid, Standing::crashed, Standing::hung,   Standing::unknown,
          Standing::valid,   Standing::found,   Standing::missed, Standing::not_run};
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::not_run:
      return "not run";
    case Standing::valid:
      return "valid";
    case Standing::unknown:
      return "unknown";
    case Standing::invalid:
      return "invalid";
    case Standing::found:
      return "found";
    case Standing::missed:
      return "missed";
    case Standing::crashed:
      return "crashed";
    case Standing::hung:
      break;
  }
  return "hung";
}

std::string_view sign_of(Standing standing) {
  switch (standing) {
    case Standing::not_run:
      return "·";
    case Standing::valid:
      return "✓";
    case Standing::found:
      return "●";
    case Standing::unknown:
      return "?";
    case Standing::invalid:
      return "✕";
    case Standing::missed:
      return "○";
    case Standing::crashed:
    case Standing::hung:
      break;
  }
  return "!";
}

Standing standing_of(const CampaignRun& run) {
  if (!run.outcome) return Standing::not_run;
  if (run.outcome->ending == Ending::hung) return Standing::hung;
  if (run.outcome->ending == Ending::crashed || !run.outcome->validity) return Standing::crashed;
  const Validity validity = *run.outcome->validity;
  if (!run.mutant.empty() || run.known_bad) {
    return validity == Validity::invalid ? Standing::found : Standing::missed;
  }
  switch (validity) {
    case Validity::valid:
      return Standing::valid;
    case Validity::unknown:
      return Standing::unknown;
    case Validity::invalid:
      break;
  }
  return Standing::invalid;
}

std::string_view name_of(CampaignResult result) {
  switch (result) {
    case CampaignResult::valid:
      return "valid";
    case CampaignResult::unknown:
      return "unknown";
    case CampaignResult::invalid:
      return "invalid";
    case CampaignResult::failed:
      break;
  }
  return "failed";
}

std::size_t number_of(const Campaign& campaign, Standing standing) {
  const auto number = std::count_if(
      campaign.runs.begin(), campaign.runs.end(),
      [standing](const auto& run) { return !run.canary && standing_of(run) == standing; });
  return static_cast<std::size_t>(number);
}

namespace {

std::string runs_text(std::size_t number) {
  return number == 1 ? std::string("1 run") : fmt::format("{} runs", number);
}

/// Collects why a campaign is not valid.
class Reasons {
 public:
  void add(CampaignResult result, std::string reason) {
    reasons_.emplace_back(result, std::move(reason));
  }
  void put_into(Conclusion& conclusion) {
    std::stable_sort(reasons_.begin(), reasons_.end(),
                     [](const auto& left, const auto& right) { return left.first > right.first; });
    for (auto& [result, reason] : reasons_) {
      conclusion.result = std::max(conclusion.result, result);
      conclusion.reasons.push_back(std::move(reason));
    }
  }

 private:
  std::vector<std::pair<CampaignResult, std::string>> reasons_;
};

void judge_canaries(const Campaign& campaign, Conclusion& conclusion, Reasons& reasons) {
  bool any = false;
  for (const CampaignRun& run : campaign.runs) {
    if (!run.canary) continue;
    any = true;
    const Standing standing = standing_of(run);
    if (standing == Standing::found) continue;
    const auto result = standing == Standing::missed || standing == Standing::not_run
                            ? CampaignResult::unknown
                            : CampaignResult::failed;
    reasons.add(result, fmt::format("the canary, the mutant {}, was not found ({}): a campaign "
                                    "without findings proves nothing",
                                    run.mutant, name_of(standing)));
  }
  if (!any) {
    conclusion.remarks.push_back(
        "no canary: nothing shows that this campaign would have found a bug");
  }
}

void judge_known_bad(const Campaign& campaign, Reasons& reasons) {
  for (const CampaignRun& run : campaign.runs) {
    if (!run.known_bad || standing_of(run) != Standing::missed) continue;
    reasons.add(
        CampaignResult::unknown,
        fmt::format("{} under {} with seed {} is known to be bad, but no violation was found",
                    run.system, run.nemesis, run.seed));
  }
}

std::size_t matrix_runs(const Campaign& campaign) {
  return static_cast<std::size_t>(std::count_if(campaign.runs.begin(), campaign.runs.end(),
                                                [](const auto& run) { return !run.canary; }));
}

/// The number of runs of the shards that are missing in a merge.
std::size_t lost_with_shards(const Campaign& campaign) {
  if (campaign.shards > 1) return 0;
  return campaign.matrix_runs - std::min(campaign.matrix_runs, matrix_runs(campaign));
}

void judge_activity(const Campaign& campaign, Reasons& reasons) {
  std::size_t judged = 0;
  std::uint64_t faults = 0;
  bool asks_for_faults = false;
  for (const CampaignRun& run : campaign.runs) {
    if (run.canary || !run.outcome || run.outcome->ending != Ending::judged) continue;
    ++judged;
    faults += run.outcome->faults;
    asks_for_faults = asks_for_faults || run.nemesis != "none";
  }
  if (judged == 0) {
    reasons.add(CampaignResult::unknown, "nothing was run: no run came to a verdict");
  } else if (faults == 0 && asks_for_faults) {
    reasons.add(CampaignResult::unknown, "nothing was injected: no fault took effect in any run");
  }
  const std::size_t left = number_of(campaign, Standing::not_run) + lost_with_shards(campaign);
  if (left > 0) {
    reasons.add(CampaignResult::unknown,
                fmt::format("{} of {} did not run", left,
                            runs_text(matrix_runs(campaign) + lost_with_shards(campaign))));
  }
}

std::string sentence_of(const Campaign& campaign) {
  std::vector<std::string> parts;
  for (const Standing standing : all_standings()) {
    const std::size_t number = number_of(campaign, standing);
    if (number > 0) parts.push_back(fmt::format("{} {}", number, name_of(standing)));
  }
  return fmt::format("{}: {}", runs_text(matrix_runs(campaign)),
                     parts.empty() ? "nothing was run" : fmt::format("{}", fmt::join(parts, ", ")));
}

}  // namespace

Conclusion conclusion_of(const Campaign& campaign) {
  Conclusion conclusion;
  conclusion.sentence = sentence_of(campaign);
  Reasons reasons;
  const auto broken = number_of(campaign, Standing::crashed) + number_of(campaign, Standing::hung);
  if (broken > 0) {
    reasons.add(
        CampaignResult::failed,
        fmt::format("{} crashed or hung: sunder or this machine failed", runs_text(broken)));
  }
  if (const auto invalid = number_of(campaign, Standing::invalid); invalid > 0) {
    reasons.add(CampaignResult::invalid,
                fmt::format("{} of the correct node: invalid", runs_text(invalid)));
  }
  if (const auto unknown = number_of(campaign, Standing::unknown); unknown > 0) {
    reasons.add(CampaignResult::unknown,
                fmt::format("{} of the correct node: unknown", runs_text(unknown)));
  }
  judge_canaries(campaign, conclusion, reasons);
  judge_known_bad(campaign, reasons);
  judge_activity(campaign, reasons);
  reasons.put_into(conclusion);
  return conclusion;
}

}  // namespace sunder::results
