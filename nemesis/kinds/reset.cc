#include "nemesis/kinds/reset.h"

#include "nemesis/kinds/link_kind.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

void go_on_resetting(int fault_id, const std::set<Link>& affected, Duration every,
                     const Stage& stage) {
  stage.links.reset(affected);
  stage.later(fault_id, every, [fault_id, affected, every, &stage] {
    go_on_resetting(fault_id, affected, every, stage);
  });
}

class ResetKind final : public FaultKind {
 public:
  std::string_view name() const override { return "reset"; }
  std::string_view summary() const override { return "reset connections (RST) again and again"; }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = direction_names().all();
    names.push_back(of_clients);
    return names;
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::connections}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    const bool strikes_clients = refinement == of_clients;
    const Reset reset{random.milliseconds_between(50, 500),
                      draw_direction(strikes_clients ? "" : refinement, random),
                      strikes_clients ? OtherEnd::clients : OtherEnd::nodes};
    return {{.action = reset, .target = draw_link_target(random)}};
  }
  Action read(JsonObject& object) const override {
    const Reset reset{object.duration("every"), object.choice("direction", direction_names()),
                      read_other_end(object)};
    if (reset.every < std::chrono::milliseconds(1)) object.refuse("every", "at least 1ms");
    return reset;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& reset = action.get<Reset>();
    json["every"] = to_text(reset.every);
    json["direction"] = direction_names().name(reset.direction);
    write_other_end(reset.other_end, json);
  }
  std::string words(const Action& action) const override {
    return other_end_words(action.get<Reset>().other_end);
  }

  std::set<Link> links(const Fault& fault, int node_count) const override {
    const auto& reset = fault.action.get<Reset>();
    return links_of(reset.direction, node_count, fault.target.nodes, reset.other_end);
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    if (auto refusal = no_clients(fault.action.get<Reset>().other_end, stage.links)) return refusal;
    const auto affected = links(fault, stage.cluster.node_count());
    if (affected.empty()) return no_link(stage.cluster.node_count());
    go_on_resetting(fault.id, affected, fault.action.get<Reset>().every, stage);
    return std::nullopt;
  }
};

}  // namespace

const FaultKind& kind_of(const Reset&) {
  static const ResetKind kind;
  return kind;
}

}  // namespace sunder::nemesis
