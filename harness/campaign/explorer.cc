#include "harness/campaign/explorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "nemesis/schedule/schedule_mutation.h"

namespace sunder::harness::campaign {

using nemesis::Schedule;

namespace {

constexpr double share_of_variations = 0.5;
constexpr std::size_t most_kinds = 4;
// UCB1 has 2 for rewards of up to 1; these are mostly far below.
constexpr double curiosity = 0.25;

}  // namespace

Explorer::Explorer(Options options) : options_(std::move(options)), random_(options_.seed) {
  for (const auto& choice : options_.choices) {
    arms_[std::string(choice.kind->name)].choices.push_back(choice);
  }
}

Schedule Explorer::propose() {
  return !corpus_.empty() && random_.chance(share_of_variations) ? varied() : fresh();
}

/// UCB1: what it has brought on average, and more the less is known of it.
double Explorer::promise_of(const Arm& arm, double all_plays) {
  // Those that are equal come in a random order.
  const double jitter = random_.unit() * 1e-6;
  if (arm.plays == 0) return std::numeric_limits<double>::max() * (0.5 + jitter);
  return arm.reward / arm.plays + std::sqrt(curiosity * std::log(all_plays) / arm.plays) + jitter;
}

Schedule Explorer::fresh() {
  double all_plays = 1;
  for (const auto& [name, arm] : arms_) all_plays += arm.plays;
  std::vector<std::pair<double, const Arm*>> ranked;
  for (const auto& [name, arm] : arms_) ranked.emplace_back(promise_of(arm, all_plays), &arm);
  std::sort(ranked.begin(), ranked.end(), std::greater<>());
  ranked.resize(1 + random_.below(std::min(most_kinds, ranked.size())));
  std::vector<nemesis::FaultChoice> choices;
  for (const auto& [promise, arm] : ranked) {
    choices.insert(choices.end(), arm->choices.begin(), arm->choices.end());
  }
  return nemesis::make_schedule(random_.next(), choices, options_.time_limit, options_.interval);
}

/// Of the schedules that showed something new, rather one that showed much and was little varied.
Schedule Explorer::varied() {
  const auto energy = [](const Seed& seed) { return seed.worth / (1 + seed.times_chosen); };
  double whole = 0;
  for (const auto& seed : corpus_) whole += energy(seed);
  double left = random_.unit() * whole;
  auto chosen = corpus_.begin();
  while (std::next(chosen) != corpus_.end() && left >= energy(*chosen)) {
    left -= energy(*chosen);
    ++chosen;
  }
  ++chosen->times_chosen;
  return nemesis::mutated(chosen->schedule, options_.choices, options_.time_limit,
                          options_.interval, random_);
}

void Explorer::learn(const Schedule& schedule, const checker::raft::StateSet& states) {
  double found = 0;
  for (const auto state : states) found += known_.insert(state).second ? 1 : 0;
  most_new_ = std::max(most_new_, found);
  std::set<std::string> kinds;
  for (const auto& fault : schedule.faults) kinds.emplace(nemesis::nemesis_of(fault));
  for (const auto& kind : kinds) {
    const auto arm = arms_.find(kind);
    if (arm == arms_.end()) continue;
    ++arm->second.plays;
    arm->second.reward += found / most_new_;
  }
  if (found > 0) corpus_.push_back({schedule, found, 0});
}

}  // namespace sunder::harness::campaign
