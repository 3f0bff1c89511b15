#include "nemesis/kinds/restart_storm.h"

#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/process_kind.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

// The targets are down now.
void go_on_restarting(const Fault& fault, RestartStorm storm, const Stage& stage) {
  stage.later(fault.id, storm.down, [fault, storm, &stage] {
    stage.processes.release(fault.id);
    stage.later(fault.id, storm.up, [fault, storm, &stage] {
      for (NodeId node : fault.target.nodes) stage.processes.kill(fault.id, node);
      go_on_restarting(fault, storm, stage);
    });
  });
}

class RestartStormKind final : public FaultKind {
 public:
  std::string_view name() const override { return "restart-storm"; }
  std::string_view summary() const override {
    return "kill and start processes over and over, also while they recover";
  }
  std::vector<std::string_view> refinements() const override { return {"recovery", "running"}; }

  // "recovery" kills a node again while it still reads its log.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    const bool in_recovery = refinement.empty() ? random.chance(0.5) : refinement == "recovery";
    RestartStorm storm;
    storm.down = random.milliseconds_between(5, 100);
    storm.up =
        in_recovery ? random.milliseconds_between(1, 30) : random.milliseconds_between(100, 600);
    return {{.action = storm, .target = draw_process_target("", random)}};
  }
  Action read(JsonObject& object) const override {
    const RestartStorm storm{object.duration("down"), object.duration("up")};
    if (storm.down + storm.up < std::chrono::milliseconds(1)) {
      object.refuse("up", "at least 1ms together with \"down\"");
    }
    return storm;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& storm = action.get<RestartStorm>();
    json["down"] = to_text(storm.down);
    json["up"] = to_text(storm.up);
  }

  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    std::optional<Refusal> refused = kill_targets(fault, stage);
    if (!refused) go_on_restarting(fault, fault.action.get<RestartStorm>(), stage);
    return refused;
  }
  bool ends_processes(const Action&) const override { return true; }
};

}  // namespace

const FaultKind& kind_of(const RestartStorm&) {
  static const RestartStormKind kind;
  return kind;
}

}  // namespace sunder::nemesis
