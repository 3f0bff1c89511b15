#include "nemesis/kinds/disk.h"

#include <algorithm>

#include <fmt/format.h>

#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

const EnumNames<DiskTrouble>& disk_trouble_names() {
  static const EnumNames<DiskTrouble> names{{DiskTrouble::fail_sync, "fail-sync"},
                                            {DiskTrouble::full, "full"},
                                            {DiskTrouble::slow, "slow"},
                                            {DiskTrouble::flip, "flip"}};
  return names;
}

/// As disk/faulty_disk.h takes it.
std::string disk_order(const DiskFault& disk) {
  if (disk.trouble != DiskTrouble::slow) {
    return std::string(disk_trouble_names().name(disk.trouble));
  }
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(disk.delay);
  return fmt::format("slow {}", delay.count());
}

std::optional<Refusal> conflict_with_active(const Fault& fault, const Stage& stage) {
  if (is_in_trouble(fault, stage)) {
    return Refusal{"another fault affects a target's disk", true};
  }
  if (fault.action.get<DiskFault>().trouble != DiskTrouble::flip) return std::nullopt;
  std::size_t damaged = fault.target.nodes.size();
  for (const auto& [id, other] : stage.active) {
    const auto* disk = other.action.get_if<DiskFault>();
    if (disk != nullptr && disk->trouble == DiskTrouble::flip) damaged += other.target.nodes.size();
  }
  const auto minority = static_cast<std::size_t>(stage.cluster.node_count() - 1) / 2;
  if (damaged > minority) return Refusal{"more than a minority would have damaged disks"};
  return std::nullopt;
}

/// Whether the kernel drops the pages of a failed sync before the node starts again. If not, the
/// node reads back what the disk never got. Half of the cases each.
bool drops_pages(const Fault& fault) {
  return fault.pick % 2 == 0;
}

class DiskKind final : public FaultKind {
 public:
  std::string_view name() const override { return "disk"; }
  std::string_view summary() const override {
    return "fail a sync, fill the disk, slow it down, damage a byte at rest";
  }
  std::vector<std::string_view> refinements() const override { return disk_trouble_names().all(); }
  std::vector<Need> needs(std::string_view) const override { return {Need::disks}; }

  // All disks may be slow. Only those of a minority may be damaged.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<std::string_view> troubles = disk_trouble_names().all();
    static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader,
                                             TargetRule::minority};
    if (refinement.empty()) refinement = random.one_of(troubles);
    DiskFault disk{*disk_trouble_names().find(refinement), {}};
    TargetRule rule = random.one_of(mix);
    if (disk.trouble == DiskTrouble::slow) {
      disk.delay = random.milliseconds_between(2, 100);
      if (random.chance(0.5)) rule = TargetRule::all;
    }
    return {{.action = disk, .target = {rule, {}}}};
  }
  Action read(JsonObject& object) const override {
    DiskFault disk{object.choice("trouble", disk_trouble_names()), {}};
    if (disk.trouble == DiskTrouble::slow) disk.delay = object.duration("delay");
    return disk;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& disk = action.get<DiskFault>();
    json["trouble"] = disk_trouble_names().name(disk.trouble);
    if (disk.trouble == DiskTrouble::slow) json["delay"] = to_text(disk.delay);
  }
  std::string words(const Action& action) const override {
    return std::string(disk_trouble_names().name(action.get<DiskFault>().trouble));
  }

  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    if (auto refused = obstacle_to_disk_fault(fault, stage)) return refused;
    if (auto refused = conflict_with_active(fault, stage)) return refused;
    const auto& disk = fault.action.get<DiskFault>();
    if (disk.trouble != DiskTrouble::flip) {
      for (NodeId node : fault.target.nodes) stage.cluster.order_disk(node, disk_order(disk));
      return std::nullopt;
    }
    // A byte is damaged at rest: the node finds it when it starts again.
    for (NodeId node : fault.target.nodes) {
      stage.processes.kill(fault.id, node);
      stage.cluster.order_disk(node, fmt::format("flip {}", disk_seed(fault, node)));
    }
    stage.processes.release(fault.id);
    return std::nullopt;
  }
  void heal(const Fault& fault, const Stage& stage) const override {
    const DiskTrouble trouble = fault.action.get<DiskFault>().trouble;
    for (NodeId node : fault.target.nodes) {
      if (trouble != DiskTrouble::slow) stage.processes.kill(fault.id, node);
      if (trouble == DiskTrouble::fail_sync && drops_pages(fault)) {
        stage.cluster.order_disk(node, "forget");
      }
      stage.cluster.order_disk(node, "heal");
    }
  }

  bool ends_processes(const Action& action) const override {
    return action.get<DiskFault>().trouble == DiskTrouble::flip;
  }
  bool explains_exit(const Action& action) const override {
    return action.get<DiskFault>().trouble != DiskTrouble::slow;
  }
  bool can_be_simulated() const override { return false; }
};

}  // namespace

const FaultKind& kind_of(const DiskFault&) {
  static const DiskKind kind;
  return kind;
}

std::optional<Refusal> obstacle_to_disk_fault(const Fault& fault, const Stage& stage) {
  if (!stage.cluster.has_faulty_disks()) {
    return Refusal{"the nodes' disks cannot be made to fail"};
  }
  const auto& nodes = fault.target.nodes;
  const bool all_down = std::all_of(nodes.begin(), nodes.end(),
                                    [&](NodeId node) { return stage.processes.is_down(node); });
  if (all_down) return Refusal{"every target is down already", true};
  return std::nullopt;
}

bool is_in_trouble(const Fault& fault, const Stage& stage, std::optional<DiskTrouble> which) {
  const auto& nodes = fault.target.nodes;
  return std::any_of(stage.active.begin(), stage.active.end(), [&](const auto& active) {
    const auto* disk = active.second.action.template get_if<DiskFault>();
    const auto& held = active.second.target.nodes;
    return disk != nullptr && (!which || disk->trouble == *which) &&
           std::find_first_of(held.begin(), held.end(), nodes.begin(), nodes.end()) != held.end();
  });
}

std::uint64_t disk_seed(const Fault& fault, NodeId node) {
  return fault.pick + static_cast<std::uint64_t>(node.value);
}

}  // namespace sunder::nemesis
