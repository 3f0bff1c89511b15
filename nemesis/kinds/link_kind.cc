#include "nemesis/kinds/link_kind.h"

#include <fmt/format.h>

namespace sunder::nemesis {

Target draw_link_target(Random& random) {
  static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader, TargetRule::all};
  return {random.one_of(mix), {}};
}

Direction draw_direction(std::string_view refinement, Random& random) {
  static const std::vector<Direction> all{Direction::out, Direction::in, Direction::both};
  return refinement.empty() ? random.one_of(all) : *direction_names().find(refinement);
}

Refusal no_link(int node_count) {
  return {fmt::format("among {} nodes this fault affects no link", node_count)};
}

}  // namespace sunder::nemesis
