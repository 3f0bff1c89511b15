#include "nemesis/kinds/power_loss.h"

#include <algorithm>

#include <fmt/format.h>

#include "nemesis/kinds/disk.h"
#include "nemesis/kinds/process_kind.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

const EnumNames<Unsynced>& unsynced_names() {
  static const EnumNames<Unsynced> names{{Unsynced::lost, "lost"}, {Unsynced::torn, "torn"}};
  return names;
}

const EnumNames<disk::Names>& name_names() {
  static const EnumNames<disk::Names> names{{disk::Names::kept, "kept"},
                                            {disk::Names::lost, "lost"}};
  return names;
}

/// As disk/faulty_disk.h takes it.
std::string disk_order(const Fault& fault, NodeId node) {
  const auto& loss = fault.action.get<PowerLoss>();
  const std::string order = loss.unsynced == Unsynced::torn
                                ? fmt::format("tear {}", disk_seed(fault, node))
                                : std::string("forget");
  return loss.names == disk::Names::kept ? order + " keeping names" : order;
}

class PowerLossKind final : public FaultKind {
 public:
  std::string_view name() const override { return "power-loss"; }
  std::string_view summary() const override {
    return "kill processes and drop what they have not synced";
  }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = process_target_names();
    names.push_back("torn");
    names.push_back("names-lost");
    return names;
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::disks}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<TargetRule> mix{TargetRule::one,      TargetRule::leader,
                                             TargetRule::minority, TargetRule::majority,
                                             TargetRule::all,      TargetRule::all};
    const disk::Names names = refinement == "names-lost" ? disk::Names::lost : disk::Names::kept;
    if (names == disk::Names::lost) refinement = "";
    const bool is_torn = refinement == "torn" || (refinement.empty() && random.chance(0.3));
    const bool names_target = !refinement.empty() && refinement != "torn";
    const TargetRule rule =
        names_target ? *target_rule_names().find(refinement) : random.one_of(mix);
    const PowerLoss loss{is_torn ? Unsynced::torn : Unsynced::lost, names};
    return {{.action = loss, .target = {rule, {}}}};
  }
  Action read(JsonObject& object) const override {
    PowerLoss loss{object.choice("unsynced", unsynced_names())};
    if (object.has("names")) loss.names = object.choice("names", name_names());
    return loss;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& loss = action.get<PowerLoss>();
    json["unsynced"] = unsynced_names().name(loss.unsynced);
    if (loss.names == disk::Names::kept) json["names"] = name_names().name(loss.names);
  }

  // All processes are dead before the first disk loses anything, so that no node can send another
  // what it is about to lose.
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    if (auto refused = obstacle_to_disk_fault(fault, stage)) return refused;
    // Power loss takes what would tell a damaged byte from a torn write (disk/faulty_disk.cc).
    if (is_in_trouble(fault, stage, DiskTrouble::flip) ||
        is_in_trouble(fault, stage, DiskTrouble::flip_many)) {
      return Refusal{"a target's disk is damaged", true};
    }
    for (NodeId node : fault.target.nodes) stage.processes.kill(fault.id, node);
    for (NodeId node : fault.target.nodes) {
      stage.cluster.order_disk(node, disk_order(fault, node));
    }
    return std::nullopt;
  }
  bool ends_processes(const Action&) const override { return true; }
};

}  // namespace

bool keeps_names(const Schedule& schedule) {
  return std::any_of(schedule.faults.begin(), schedule.faults.end(), [](const Fault& fault) {
    const auto* loss = fault.action.get_if<PowerLoss>();
    return loss != nullptr && loss->names == disk::Names::kept;
  });
}

const FaultKind& kind_of(const PowerLoss&) {
  static const PowerLossKind kind;
  return kind;
}

}  // namespace sunder::nemesis
