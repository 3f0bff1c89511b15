#include "nemesis/network/link_rules.h"

namespace sunder::nemesis {

void LinkRules::block(int fault_id, const std::set<Link>& links) {
  for (Link link : links) links_[link].blockers.insert(fault_id);
  changed(links);
}

void LinkRules::cut(int fault_id, const std::set<Link>& links) {
  for (Link link : links) links_[link].cutters.insert(fault_id);
  changed(links);
}

void LinkRules::add(int fault_id, const std::set<Link>& links, const MessageFault& fault,
                    std::uint64_t seed) {
  Random seeds(seed);
  for (Link link : links) links_[link].fates.add(fault_id, fault, seeds.next());
  changed(links);
}

void LinkRules::reset(const std::set<Link>& links) {
  if (listener_ == nullptr) return;
  for (Link link : links) listener_->reset(link);
}

void LinkRules::release(int fault_id) {
  std::set<Link> links;
  for (auto& [link, state] : links_) {
    const bool unblocked = state.blockers.erase(fault_id) > 0;
    const bool joined = state.cutters.erase(fault_id) > 0;
    const bool removed = state.fates.remove(fault_id);
    if (unblocked || joined || removed) links.insert(link);
  }
  changed(links);
}

MessageFates* LinkRules::fates(Link link) {
  auto found = links_.find(link);
  return found == links_.end() || found->second.fates.empty() ? nullptr : &found->second.fates;
}

bool LinkRules::holds(std::set<int> State::*faults, Link link) const {
  auto found = links_.find(link);
  return found != links_.end() && !(found->second.*faults).empty();
}

void LinkRules::changed(const std::set<Link>& links) {
  if (listener_ == nullptr) return;
  for (Link link : links) listener_->rules_changed(link);
}

}  // namespace sunder::nemesis
