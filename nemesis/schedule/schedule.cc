#include "nemesis/schedule/schedule.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nemesis/schedule/fault_kind.h"
#include "nemesis/schedule/random.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

Duration fraction(Duration span, double part) {
  // To the millisecond, so that schedule files are readable.
  const auto exact = std::chrono::duration<double, std::milli>(span) * part;
  return std::chrono::milliseconds(static_cast<std::int64_t>(exact.count()));
}

// One fault in each interval, with a free stretch before the next one, so faults of one kind never
// meet. `group` are the refinements asked for of one kind; each fault takes one of them.
void add_faults_of_kind(const std::vector<FaultChoice>& group, Duration time_limit,
                        Duration interval, Random& random, std::vector<Fault>& faults) {
  for (Duration begin{0}; begin < time_limit; begin += interval) {
    const Duration window = std::min(interval, time_limit - begin);
    // The rest of the last interval gets a fault only if it is long enough to matter.
    if (window < interval / 2) break;
    const FaultChoice& choice = random.one_of(group);
    std::vector<Fault> drawn = choice.option->draw(choice.refinement, random);
    // Anywhere in the interval: kinds that always struck together would mostly stop the service,
    // and clients that get no answer see no wrong answer.
    const double from = random.between(0.03, 0.6);
    const Duration strike = begin + fraction(window, from);
    const Duration held = std::max<Duration>(fraction(window, random.between(0.25, 0.97 - from)),
                                             std::chrono::milliseconds(1));
    for (Fault& fault : drawn) {
      fault.at += strike;
      if (fault.duration == Duration::zero()) fault.duration = held;
      // JSON readers elsewhere keep 53 bits of a number.
      fault.pick = random.next() >> 11;
      faults.push_back(std::move(fault));
    }
  }
}

bool any_needs(const Schedule& schedule, Need need) {
  return std::any_of(schedule.faults.begin(), schedule.faults.end(),
                     [need](const Fault& fault) { return needs(fault, need); });
}

}  // namespace

Schedule make_schedule(std::uint64_t seed, const std::vector<FaultChoice>& choices,
                       Duration time_limit, Duration interval) {
  if (interval <= Duration::zero()) {
    throw std::invalid_argument("the nemesis interval must be longer than 0");
  }
  std::vector<std::vector<FaultChoice>> groups;
  for (const FaultChoice& choice : choices) {
    auto same = [&](const auto& group) { return group.front().option == choice.option; };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) group = groups.insert(groups.end(), std::vector<FaultChoice>{});
    group->push_back(choice);
  }
  Random random(seed);
  Schedule schedule;
  interval = std::min(interval, time_limit);
  for (const auto& group : groups) {
    add_faults_of_kind(group, time_limit, interval, random, schedule.faults);
  }
  put_in_order(schedule);
  return schedule;
}

void put_in_order(Schedule& schedule) {
  std::stable_sort(schedule.faults.begin(), schedule.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.at < right.at; });
  int id = 0;
  for (Fault& fault : schedule.faults) fault.id = ++id;
}

bool needs_disks(const Schedule& schedule) {
  return any_needs(schedule, Need::disks);
}

bool strikes_clients(const Schedule& schedule) {
  return std::any_of(schedule.faults.begin(), schedule.faults.end(), [](Fault fault) {
    fault.target = {TargetRule::nodes, {NodeId{1}}};
    const auto links = fault.action.kind().links(fault, 3);
    return std::any_of(links.begin(), links.end(), [](Link link) {
      return link.from == all_clients || link.to == all_clients;
    });
  });
}

bool sets_clocks(const Schedule& schedule) {
  return any_needs(schedule, Need::clocks);
}

nlohmann::ordered_json to_json(const Schedule& schedule) {
  nlohmann::ordered_json faults = nlohmann::ordered_json::array();
  for (const Fault& fault : schedule.faults) faults.push_back(to_json(fault));
  return {{"faults", std::move(faults)}};
}

Schedule schedule_from_json(const nlohmann::json& json) {
  JsonObject object(json, "schedule");
  constexpr std::string_view allowed = "a list of faults";
  const nlohmann::json& list = object.array("faults", allowed);
  object.done();
  Schedule schedule;
  std::set<int> ids;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string where = fmt::format("faults[{}]", i);
    schedule.faults.push_back(fault_from_json(list[i], where));
    if (!ids.insert(schedule.faults.back().id).second) {
      throw std::invalid_argument(
          fmt::format("{}.id: {} is used by a fault before it; each must "
                      "be unique",
                      where, schedule.faults.back().id));
    }
  }
  std::stable_sort(schedule.faults.begin(), schedule.faults.end(),
                   [](const Fault& left, const Fault& right) { return left.at < right.at; });
  return schedule;
}

Schedule parse_schedule(std::string_view text) {
  return schedule_from_json(parse_json(text));
}

void require_nodes(const Schedule& schedule, int node_count) {
  for (const Fault& fault : schedule.faults) {
    for (NodeId node : fault.target.nodes) {
      if (node.value <= node_count) continue;
      throw std::invalid_argument(
          fmt::format("fault {}: target {} does not exist; nodes are n1 to "
                      "{}",
                      fault.id, name_of(node), name_of(NodeId{node_count})));
    }
  }
}

}  // namespace sunder::nemesis
