#include "nemesis/kinds/process_kind.h"

namespace sunder::nemesis {

std::vector<std::string_view> process_target_names() {
  std::vector<std::string_view> names = target_rule_names().all();
  std::erase_if(names,
                [](std::string_view name) { return needs_event(*target_rule_names().find(name)); });
  return names;
}

Target draw_process_target(std::string_view refinement, Random& random) {
  if (!refinement.empty()) return {*target_rule_names().find(refinement), {}};
  static const std::vector<TargetRule> mix{
      TargetRule::one,    TargetRule::one,     TargetRule::one,      TargetRule::leader,
      TargetRule::leader, TargetRule::leader,  TargetRule::minority, TargetRule::minority,
      TargetRule::all,    TargetRule::majority};
  return {random.one_of(mix), {}};
}

}  // namespace sunder::nemesis
