#include "nemesis/fault_kinds.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::nemesis {
namespace {

// Whom a process fault strikes when the user does not say: mostly one node or the leader, at times
// enough nodes to stop the service.
Target draw_process_target(std::string_view refinement, Random& random) {
  if (!refinement.empty()) return {*target_rule_names().find(refinement), {}};
  static const std::vector<TargetRule> mix{TargetRule::one,      TargetRule::leader,
                                           TargetRule::leader,   TargetRule::minority,
                                           TargetRule::majority, TargetRule::all};
  return {random.one_of(mix), {}};
}

template <class Action>
Fault draw_process_fault(std::string_view refinement, Random& random) {
  Fault fault;
  fault.action = Action{};
  fault.target = draw_process_target(refinement, random);
  return fault;
}

TargetRule target_of(PartitionShape shape) {
  switch (shape) {
    case PartitionShape::halves:
      return TargetRule::half;
    case PartitionShape::majorities_ring:
      return TargetRule::all;
    case PartitionShape::one:
    case PartitionShape::bridge:
    case PartitionShape::one_way:
      return TargetRule::one;
  }
  return TargetRule::one;
}

// "leader" is the shape `one` with the leader as its target.
Fault draw_partition(std::string_view refinement, Random& random) {
  static const std::vector<std::string_view> shapes{"one",    "halves", "majorities-ring",
                                                    "bridge", "leader", "one-way"};
  if (refinement.empty()) refinement = random.one_of(shapes);
  Fault fault;
  if (refinement == "leader") {
    fault.action = Partition{PartitionShape::one};
    fault.target.rule = TargetRule::leader;
    return fault;
  }
  const PartitionShape shape = *partition_shape_names().find(refinement);
  fault.action = Partition{shape};
  fault.target.rule = target_of(shape);
  // A leader that is not heard, or does not hear, is the case that matters most.
  if (shape == PartitionShape::one_way && random.chance(0.5)) {
    fault.target.rule = TargetRule::leader;
  }
  return fault;
}

std::vector<std::string_view> partition_refinements() {
  std::vector<std::string_view> names = partition_shape_names().all();
  names.push_back("leader");
  return names;
}

}  // namespace

const std::vector<FaultKind>& fault_kinds() {
  static const std::vector<FaultKind> kinds{
      {"kill", "kill processes by SIGKILL and start them again", target_rule_names().all(),
       draw_process_fault<Kill>},
      {"pause", "stop processes by SIGSTOP and let them continue", target_rule_names().all(),
       draw_process_fault<Pause>},
      {"partition", "cut the network between nodes", partition_refinements(), draw_partition},
  };
  return kinds;
}

namespace {

FaultChoice parse_choice(std::string_view item) {
  const std::size_t colon = item.find(':');
  const std::string_view name = item.substr(0, colon);
  std::vector<std::string_view> names{"none"};
  for (const FaultKind& kind : fault_kinds()) {
    names.push_back(kind.name);
    if (kind.name != name) continue;
    if (colon == std::string_view::npos) return {&kind, ""};
    const std::string_view refinement = item.substr(colon + 1);
    const auto& allowed = kind.refinements;
    if (std::find(allowed.begin(), allowed.end(), refinement) == allowed.end()) {
      throw std::invalid_argument(
          fmt::format("unknown refinement \"{}\" of nemesis {}; there are {}", refinement, name,
                      fmt::join(allowed, ", ")));
    }
    return {&kind, std::string(refinement)};
  }
  throw std::invalid_argument(
      fmt::format("unknown nemesis \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

}  // namespace

std::vector<FaultChoice> parse_nemeses(std::string_view text) {
  std::vector<FaultChoice> choices;
  if (text.empty() || text == "none") return choices;
  while (true) {
    const std::size_t comma = text.find(',');
    FaultChoice choice = parse_choice(text.substr(0, comma));
    for (const FaultChoice& other : choices) {
      if (other.kind == choice.kind && other.refinement == choice.refinement) {
        throw std::invalid_argument(
            fmt::format("nemesis \"{}\" is named twice", text.substr(0, comma)));
      }
    }
    choices.push_back(std::move(choice));
    if (comma == std::string_view::npos) return choices;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace sunder::nemesis
