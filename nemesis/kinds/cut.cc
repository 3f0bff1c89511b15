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
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = direction_names().all();
    names.push_back(of_clients);
    return names;
  }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    const bool strikes_clients = refinement == of_clients;
    const Cut cut{draw_direction(strikes_clients ? "" : refinement, random),
                  strikes_clients ? OtherEnd::clients : OtherEnd::nodes};
    return {{.action = cut, .target = draw_link_target(random)}};
  }
  Action read(JsonObject& object) const override {
    return Cut{object.choice("direction", direction_names()), read_other_end(object)};
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    json["direction"] = direction_names().name(action.get<Cut>().direction);
    write_other_end(action.get<Cut>().other_end, json);
  }
  std::string words(const Action& action) const override {
    return other_end_words(action.get<Cut>().other_end);
  }

  std::set<Link> links(const Fault& fault, int node_count) const override {
    const auto& cut = fault.action.get<Cut>();
    return links_of(cut.direction, node_count, fault.target.nodes, cut.other_end);
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    if (auto refusal = no_clients(fault.action.get<Cut>().other_end, stage.links)) return refusal;
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
