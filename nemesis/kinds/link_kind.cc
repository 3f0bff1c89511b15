#include "nemesis/kinds/link_kind.h"

#include <fmt/format.h>

#include "node/api/json_object.h"

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

OtherEnd read_other_end(JsonObject& object) {
  if (!object.has("other_end")) return OtherEnd::nodes;
  return object.choice("other_end", other_end_names());
}

void write_other_end(OtherEnd other_end, nlohmann::ordered_json& json) {
  if (other_end != OtherEnd::nodes) json["other_end"] = other_end_names().name(other_end);
}

std::string other_end_words(OtherEnd other_end) {
  switch (other_end) {
    case OtherEnd::nodes:
      return "";
    case OtherEnd::clients:
      return "(clients)";
    case OtherEnd::all:
      return "(nodes and clients)";
  }
  return "";
}

std::optional<Refusal> no_clients(OtherEnd other_end, const LinkRules& links) {
  if (other_end == OtherEnd::nodes || links.carry_clients()) return std::nullopt;
  return Refusal{"the clients' links are not under control: only a switch has a port for them"};
}

}  // namespace sunder::nemesis
