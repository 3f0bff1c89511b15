#include "nemesis/kinds/disk_faults.h"

#include <algorithm>

#include <fmt/format.h>

namespace sunder::nemesis {
namespace {

// Every node draws its own.
std::uint64_t seed_of(const Fault& fault, NodeNumber node) {
  return fault.pick + static_cast<std::uint64_t>(node);
}

std::string order_of(const DiskFault& trouble) {
  if (trouble.trouble != DiskTrouble::slow) {
    return std::string(disk_trouble_names().name(trouble.trouble));
  }
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(trouble.delay);
  return fmt::format("slow {}", delay.count());
}

}  // namespace

bool needs_disks(const Fault& fault) {
  return std::holds_alternative<PowerLoss>(fault.action) ||
         std::holds_alternative<DiskFault>(fault.action);
}

bool DiskFaults::all_down(const Fault& fault) const {
  const auto& nodes = fault.target.nodes;
  return std::all_of(nodes.begin(), nodes.end(),
                     [this](NodeNumber node) { return processes_.is_down(node); });
}

std::optional<Refusal> DiskFaults::obstacle(const Fault& fault) const {
  if (!cluster_.has_faulty_disks()) return Refusal{"the nodes are on disks that take no orders"};
  if (all_down(fault)) return Refusal{"every target is down already", true};
  return std::nullopt;
}

// All processes are dead before the first disk forgets anything: nobody hears of a loss.
std::optional<Refusal> DiskFaults::lose_power(const Fault& fault, const PowerLoss& loss) {
  if (auto refused = obstacle(fault)) return refused;
  for (NodeNumber node : fault.target.nodes) processes_.kill(fault.id, node);
  for (NodeNumber node : fault.target.nodes) {
    cluster_.order_disk(node, loss.unsynced == Unsynced::torn
                                  ? fmt::format("tear {}", seed_of(fault, node))
                                  : "forget");
  }
  return std::nullopt;
}

std::optional<Refusal> DiskFaults::inject(const Fault& fault, const DiskFault& trouble) {
  if (auto refused = obstacle(fault)) return refused;
  const auto& nodes = fault.target.nodes;
  for (NodeNumber node : nodes) {
    if (held_.contains(node)) return Refusal{"a target's disk is in trouble already", true};
  }
  const auto damages = [](const auto& held) { return held.second.trouble == DiskTrouble::flip; };
  const auto damaged = std::count_if(held_.begin(), held_.end(), damages) +
                       static_cast<std::ptrdiff_t>(nodes.size());
  if (trouble.trouble == DiskTrouble::flip && damaged > (cluster_.node_count() - 1) / 2) {
    return Refusal{"more than a minority would have damaged disks"};
  }
  for (NodeNumber node : nodes) held_.emplace(node, Held{fault.id, trouble.trouble});
  if (trouble.trouble != DiskTrouble::flip) {
    for (NodeNumber node : nodes) cluster_.order_disk(node, order_of(trouble));
    return std::nullopt;
  }
  // A byte is damaged at rest: the node finds it when it starts again.
  for (NodeNumber node : nodes) {
    processes_.kill(fault.id, node);
    cluster_.order_disk(node, fmt::format("flip {}", seed_of(fault, node)));
  }
  processes_.release(fault.id);
  return std::nullopt;
}

void DiskFaults::release(int fault_id) {
  for (auto held = held_.begin(); held != held_.end();) {
    const auto [node, trouble] = *held;
    if (trouble.fault_id != fault_id) {
      ++held;
      continue;
    }
    if (trouble.trouble != DiskTrouble::slow) processes_.kill(fault_id, node);
    if (trouble.trouble == DiskTrouble::fail_sync) cluster_.order_disk(node, "forget");
    cluster_.order_disk(node, "heal");
    held = held_.erase(held);
  }
}

std::optional<int> DiskFaults::reason_to_stop(NodeNumber node) const {
  const auto held = held_.find(node);
  if (held == held_.end() || held->second.trouble == DiskTrouble::slow) return std::nullopt;
  return held->second.fault_id;
}

}  // namespace sunder::nemesis
