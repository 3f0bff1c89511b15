#include "nemesis/kinds/disk.h"

#include <algorithm>

#include <fmt/format.h>

#include "nemesis/schedule/random.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

// Those that a draw without a refinement chooses from stand first.
constexpr std::size_t drawn_troubles = 4;

const EnumNames<DiskTrouble>& disk_trouble_names() {
  static const EnumNames<DiskTrouble> names{{DiskTrouble::fail_sync, "fail-sync"},
                                            {DiskTrouble::full, "full"},
                                            {DiskTrouble::slow, "slow"},
                                            {DiskTrouble::flip, "flip"},
                                            {DiskTrouble::slow_sync, "slow-sync"},
                                            {DiskTrouble::full_midway, "full-midway"},
                                            {DiskTrouble::flip_many, "flip-many"},
                                            {DiskTrouble::truncate, "truncate"},
                                            {DiskTrouble::lost_write, "lost-write"},
                                            {DiskTrouble::copy, "copy"}};
  return names;
}

bool takes_time(DiskTrouble trouble) {
  return trouble == DiskTrouble::slow || trouble == DiskTrouble::slow_sync;
}

/// It changes what is on the disk while the node is down.
bool is_damage(DiskTrouble trouble) {
  return trouble == DiskTrouble::flip || is_beyond_promises(trouble);
}

/// The other node whose file is copied, drawn from those that are no targets.
std::optional<NodeId> copied_node(const Fault& fault, const Stage& stage) {
  std::vector<NodeId> others = all_nodes(stage.cluster.node_count());
  std::erase_if(others, [&](NodeId node) {
    const auto& targets = fault.target.nodes;
    return std::find(targets.begin(), targets.end(), node) != targets.end();
  });
  if (others.empty()) return std::nullopt;
  return Random(fault.pick).one_of(others);
}

bool is_active(DiskTrouble trouble, const Stage& stage) {
  return std::any_of(stage.active.begin(), stage.active.end(), [trouble](const auto& active) {
    const auto* disk = active.second.action.template get_if<DiskFault>();
    return disk != nullptr && disk->trouble == trouble;
  });
}

/// As disk/faulty_disk.h takes it, to damage a node's disk at rest. A node's name stands for its
/// folder.
std::string damage_order(const Fault& fault, NodeId node, const Stage& stage) {
  const DiskTrouble trouble = fault.action.get<DiskFault>().trouble;
  // The same byte in each copy.
  if (trouble == DiskTrouble::flip_many) return fmt::format("flip {}", fault.pick);
  std::string order =
      fmt::format("{} {}", disk_trouble_names().name(trouble), disk_seed(fault, node));
  if (trouble != DiskTrouble::copy) return order;
  return fmt::format("{} {}", order, name_of(*copied_node(fault, stage)));
}

/// To bring the disk of a running node into trouble.
std::string trouble_order(const DiskFault& disk) {
  std::string name(disk_trouble_names().name(disk.trouble));
  if (!takes_time(disk.trouble)) return name;
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(disk.delay);
  return fmt::format("{} {}", name, delay.count());
}

std::optional<Refusal> conflict_with_active(const Fault& fault, const Stage& stage) {
  if (is_in_trouble(fault, stage)) {
    return Refusal{"another fault affects a target's disk", true};
  }
  const DiskTrouble trouble = fault.action.get<DiskFault>().trouble;
  if (trouble == DiskTrouble::copy) {
    if (!copied_node(fault, stage)) {
      return Refusal{"there is no other node whose files could be copied"};
    }
    // Two disks that read each other's files would wait for one another.
    if (is_active(DiskTrouble::copy, stage)) return Refusal{"other files are copied", true};
  }
  if (trouble != DiskTrouble::flip) return std::nullopt;
  std::size_t damaged = fault.target.nodes.size();
  for (const auto& [id, other] : stage.active) {
    const auto* disk = other.action.get_if<DiskFault>();
    if (disk != nullptr && is_damage(disk->trouble)) damaged += other.target.nodes.size();
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
    return "fail a sync, fill the disk, slow it down, damage a file at rest";
  }
  std::vector<std::string_view> refinements() const override { return disk_trouble_names().all(); }
  std::vector<Need> needs(std::string_view) const override { return {Need::disks}; }

  // All disks may be slow. Only those of a minority may be damaged, unless all is meant.
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    static const std::vector<std::string_view> troubles = [] {
      auto names = disk_trouble_names().all();
      names.resize(drawn_troubles);
      return names;
    }();
    static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader,
                                             TargetRule::minority};
    if (refinement.empty()) refinement = random.one_of(troubles);
    DiskFault disk{*disk_trouble_names().find(refinement), {}};
    TargetRule rule = random.one_of(mix);
    if (takes_time(disk.trouble)) {
      disk.delay = random.milliseconds_between(2, 100);
      if (random.chance(0.5)) rule = TargetRule::all;
    }
    if (disk.trouble == DiskTrouble::flip_many) {
      rule = random.chance(0.5) ? TargetRule::majority : TargetRule::all;
    }
    return {{.action = disk, .target = {rule, {}}}};
  }
  Action read(JsonObject& object) const override {
    DiskFault disk{object.choice("trouble", disk_trouble_names()), {}};
    if (takes_time(disk.trouble)) disk.delay = object.duration("delay");
    return disk;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& disk = action.get<DiskFault>();
    json["trouble"] = disk_trouble_names().name(disk.trouble);
    if (takes_time(disk.trouble)) json["delay"] = to_text(disk.delay);
  }
  std::string words(const Action& action) const override {
    return std::string(disk_trouble_names().name(action.get<DiskFault>().trouble));
  }

  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    if (auto refused = obstacle_to_disk_fault(fault, stage)) return refused;
    if (auto refused = conflict_with_active(fault, stage)) return refused;
    const auto& disk = fault.action.get<DiskFault>();
    if (!is_damage(disk.trouble)) {
      for (NodeId node : fault.target.nodes) stage.cluster.order_disk(node, trouble_order(disk));
      return std::nullopt;
    }
    // The node finds the damage when it starts again.
    for (NodeId node : fault.target.nodes) {
      stage.processes.kill(fault.id, node);
      stage.cluster.order_disk(node, damage_order(fault, node, stage));
    }
    stage.processes.release(fault.id);
    return std::nullopt;
  }
  void heal(const Fault& fault, const Stage& stage) const override {
    const DiskTrouble trouble = fault.action.get<DiskFault>().trouble;
    for (NodeId node : fault.target.nodes) {
      if (!takes_time(trouble)) stage.processes.kill(fault.id, node);
      // The kernel drops pages, not names.
      if (trouble == DiskTrouble::fail_sync && drops_pages(fault)) {
        stage.cluster.order_disk(node, "forget keeping names");
      }
      stage.cluster.order_disk(node, "heal");
    }
  }

  bool ends_processes(const Action& action) const override {
    return is_damage(action.get<DiskFault>().trouble);
  }
  bool explains_exit(const Action& action) const override {
    return !takes_time(action.get<DiskFault>().trouble);
  }
  bool can_be_simulated() const override { return false; }
};

}  // namespace

const FaultKind& kind_of(const DiskFault&) {
  static const DiskKind kind;
  return kind;
}

bool is_beyond_promises(DiskTrouble trouble) {
  return trouble == DiskTrouble::flip_many || trouble == DiskTrouble::truncate ||
         trouble == DiskTrouble::lost_write || trouble == DiskTrouble::copy;
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
