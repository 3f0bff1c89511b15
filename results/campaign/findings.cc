#include "results/campaign/findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "results/campaign/conclusion.h"
#include "results/campaign/score.h"

namespace sunder::results {

namespace {

using FindingKey = std::pair<std::string, Signature>;

/// A new signature.
bool is_news(const CampaignRun& run) {
  return !run.canary && !run.known_bad && run.outcome && run.outcome->signature;
}

/// The campaign that had it first, of those that are older.
std::map<FindingKey, std::string> first_sightings(std::span<const Campaign> earlier) {
  std::map<FindingKey, std::string> first;
  for (const Campaign& campaign : earlier) {
    for (const CampaignRun& run : campaign.runs) {
      if (!is_news(run)) continue;
      first.try_emplace({run.mutant, *run.outcome->signature}, campaign.id);
    }
  }
  return first;
}

double quickness(const CampaignRun& run) {
  return run.outcome->violation_at.value_or(run.outcome->seconds);
}

/// The kinds that a nemesis names: "kill:leader,partition" are kill and partition. What draws its
/// kinds from the seed names none.
std::vector<std::string> kinds_named(std::string_view nemesis) {
  std::vector<std::string> kinds;
  while (!nemesis.empty()) {
    const auto comma = std::min(nemesis.find(','), nemesis.size());
    const auto item = nemesis.substr(0, comma);
    const auto kind = item.substr(0, item.find(':'));
    if (kind != "none" && kind != "all" && kind != "swarm") kinds.emplace_back(kind);
    nemesis.remove_prefix(std::min(comma + 1, nemesis.size()));
  }
  return kinds;
}

}  // namespace

std::vector<Finding> findings_of(const Campaign& campaign, std::span<const Campaign> earlier) {
  const auto first_seen = first_sightings(earlier);
  std::map<FindingKey, Finding> by_key;
  for (std::size_t i = 0; i < campaign.runs.size(); ++i) {
    const CampaignRun& run = campaign.runs[i];
    if (!is_news(run)) continue;
    const FindingKey key{run.mutant, *run.outcome->signature};
    const auto known = first_seen.find(key);
    auto& finding =
        by_key
            .try_emplace(key, Finding{run.mutant, *run.outcome->signature, 0, i,
                                      known == first_seen.end() ? campaign.id : known->second})
            .first->second;
    ++finding.times;
    if (quickness(run) < quickness(campaign.runs[finding.example])) finding.example = i;
  }
  std::vector<Finding> findings;
  for (auto& [key, finding] : by_key) findings.push_back(std::move(finding));
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& left, const Finding& right) {
    const bool left_is_mutant = !left.mutant.empty();
    const bool right_is_mutant = !right.mutant.empty();
    return std::tie(left_is_mutant, right.first_seen, left.times) <
           std::tie(right_is_mutant, left.first_seen, right.times);
  });
  return findings;
}

NeverReached never_reached(const Campaign& campaign) {
  std::set<std::string> events;
  std::set<std::string> situations;
  std::set<std::string> injected;
  std::set<std::string> asked;
  for (const CampaignRun& run : campaign.runs) {
    if (run.canary || !run.outcome || run.outcome->ending != Ending::judged) continue;
    events.insert(run.outcome->events.begin(), run.outcome->events.end());
    situations.insert(run.outcome->situations.begin(), run.outcome->situations.end());
    injected.insert(run.outcome->injected.begin(), run.outcome->injected.end());
    for (auto& kind : kinds_named(run.nemesis)) asked.insert(std::move(kind));
    asked.insert(run.outcome->asked.begin(), run.outcome->asked.end());
  }
  NeverReached never;
  for (const auto& event : campaign.vocabulary) {
    if (event != "mutant_reached" && !events.contains(event)) never.events.push_back(event);
  }
  for (const auto& situation : campaign.situations) {
    if (!situations.contains(situation)) never.situations.push_back(situation);
  }
  for (const auto& kind : asked) {
    if (!injected.contains(kind)) never.faults.push_back(kind);
  }
  for (const auto& score : mutant_scores(campaign)) {
    if (score.reached == 0) never.mutants.push_back(score.mutant);
  }
  return never;
}

std::uint64_t distinct_states(const Campaign& campaign) {
  std::uint64_t states = 0;
  for (const CampaignRun& run : campaign.runs) {
    if (run.outcome) states += run.outcome->new_states;
  }
  return states;
}

std::vector<std::size_t> slowest_runs(const Campaign& campaign, std::size_t most) {
  std::vector<std::size_t> ended;
  for (std::size_t i = 0; i < campaign.runs.size(); ++i) {
    if (campaign.runs[i].outcome) ended.push_back(i);
  }
  std::stable_sort(ended.begin(), ended.end(), [&campaign](std::size_t left, std::size_t right) {
    return campaign.runs[left].outcome->seconds > campaign.runs[right].outcome->seconds;
  });
  if (ended.size() > most) ended.resize(most);
  return ended;
}

}  // namespace sunder::results
