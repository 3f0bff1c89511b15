#include "nemesis/stage/process_holds.h"

#include <vector>

namespace sunder::nemesis {
namespace {

using Holds = std::map<NodeId, std::set<int>>;

// Whether only this fault held the node.
bool let_go(Holds& holds, int fault_id, NodeId node) {
  const auto hold = holds.find(node);
  if (hold == holds.end()) return false;
  hold->second.erase(fault_id);
  if (!hold->second.empty()) return false;
  holds.erase(hold);
  return true;
}

// The nodes that only this fault held.
std::vector<NodeId> let_go(Holds& holds, int fault_id) {
  std::vector<NodeId> held;
  for (const auto& [node, faults] : holds) held.push_back(node);
  std::erase_if(held, [&](NodeId node) { return !let_go(holds, fault_id, node); });
  return held;
}

}  // namespace

bool ProcessHolds::kill(int fault_id, NodeId node) {
  const bool was_up = !is_down(node);
  down_[node].insert(fault_id);
  if (was_up) {
    paused_.erase(node);
    cluster_.kill(node);
  }
  return was_up;
}

bool ProcessHolds::pause(int fault_id, NodeId node) {
  if (is_down(node)) return false;
  const bool was_running = !paused_.contains(node);
  paused_[node].insert(fault_id);
  if (was_running) cluster_.pause(node);
  return was_running;
}

void ProcessHolds::release(int fault_id) {
  const std::vector<NodeId> resumed = let_go(paused_, fault_id);
  const std::vector<NodeId> started = let_go(down_, fault_id);
  for (NodeId node : resumed) cluster_.resume(node);
  for (NodeId node : started) cluster_.start(node);
}

void ProcessHolds::release(int fault_id, NodeId node) {
  if (let_go(paused_, fault_id, node)) cluster_.resume(node);
  if (let_go(down_, fault_id, node)) cluster_.start(node);
}

void ProcessHolds::ended(int fault_id, NodeId node) {
  down_[node].insert(fault_id);
  paused_.erase(node);
}

bool ProcessHolds::is_down(NodeId node) const {
  return down_.contains(node);
}

}  // namespace sunder::nemesis
