#include "nemesis/network/link_rules.h"

#include <algorithm>

namespace sunder::nemesis {

void LinkRules::block(int fault_id, const std::set<Link>& links) {
  {
    const std::lock_guard lock(mutex_);
    for (Link link : links) links_[link].blockers.insert(fault_id);
  }
  changed(links);
}

void LinkRules::cut(int fault_id, const std::set<Link>& links) {
  {
    const std::lock_guard lock(mutex_);
    for (Link link : links) links_[link].cutters.insert(fault_id);
  }
  changed(links);
}

void LinkRules::add(int fault_id, const std::set<Link>& links, const MessageFault& fault,
                    std::uint64_t seed) {
  Random seeds(seed);
  {
    const std::lock_guard lock(mutex_);
    for (Link link : links) links_[link].fates.add(fault_id, fault, seeds.next());
  }
  changed(links);
}

void LinkRules::reset(const std::set<Link>& links) {
  for (Listener* listener : listeners_) {
    for (Link link : links) listener->reset(link);
  }
}

void LinkRules::release(int fault_id) {
  std::set<Link> links;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [link, rules] : links_) {
      const bool unblocked = rules.blockers.erase(fault_id) > 0;
      const bool joined = rules.cutters.erase(fault_id) > 0;
      const bool removed = rules.fates.remove(fault_id);
      if (unblocked || joined || removed) links.insert(link);
    }
  }
  changed(links);
}

bool LinkRules::carry_messages() const {
  return std::all_of(listeners_.begin(), listeners_.end(), [](const Listener* listener) {
    return listener->framing() != Framing::bytes;
  });
}

bool LinkRules::carry_packets() const {
  return std::any_of(listeners_.begin(), listeners_.end(), [](const Listener* listener) {
    return listener->framing() == Framing::packets;
  });
}

bool LinkRules::carry_clients() const {
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [](const Listener* listener) { return listener->carries_clients(); });
}

LinkState LinkRules::state(Link link) {
  const auto found = links_.find(link);
  if (found == links_.end()) return {};
  auto& rules = found->second;
  return {!rules.blockers.empty(), !rules.cutters.empty(),
          rules.fates.empty() ? nullptr : &rules.fates};
}

void LinkRules::changed(const std::set<Link>& links) {
  for (Listener* listener : listeners_) {
    for (Link link : links) listener->rules_changed(link);
  }
}

}  // namespace sunder::nemesis
