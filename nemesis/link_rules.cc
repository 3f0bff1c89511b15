#include "nemesis/link_rules.h"

namespace sunder::nemesis {

void LinkRules::block(int fault_id, const std::set<Link>& links) {
  for (Link link : links) blockers_[link].insert(fault_id);
  changed(links);
}

void LinkRules::release(int fault_id) {
  std::set<Link> links;
  for (auto& [link, faults] : blockers_) {
    if (faults.erase(fault_id) > 0) links.insert(link);
  }
  changed(links);
}

bool LinkRules::is_blocked(Link link) const {
  auto found = blockers_.find(link);
  return found != blockers_.end() && !found->second.empty();
}

void LinkRules::changed(const std::set<Link>& links) {
  if (!listener_) return;
  for (Link link : links) listener_(link);
}

}  // namespace sunder::nemesis
