#include "nemesis/kinds/cut.h"

#include "nemesis/kinds/link_kind.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

class CutKind final : public FaultKind {
 public:
  std::string_view name() const override { return "cut"; }
  std::string_view summary() const override { return "close connections and refuse new ones"; }
  std::vector<std::string_view> refinements() const override { return direction_names().all(); }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    const Cut cut{draw_direction(refinement, random)};
    return {{.action = cut, .target = draw_link_target(random)}};
  }
  Action read(JsonObject& object) const override {
    return Cut{object.choice("direction", direction_names())};
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    json["direction"] = direction_names().name(action.get<Cut>().direction);
  }

  std::set<Link> links(const Fault& fault, int node_count) const override {
    return links_of(fault.action.get<Cut>().direction, node_count, fault.target.nodes);
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    const auto affected = links(fault, stage.cluster.node_count());
    if (affected.empty()) return no_link(stage.cluster.node_count());
    stage.links.cut(fault.id, affected);
    return std::nullopt;
  }
};

}  // namespace

const FaultKind& kind_of(const Cut&) {
  static const CutKind kind;
  return kind;
}

}  // namespace sunder::nemesis
