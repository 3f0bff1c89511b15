#pragma once
// What happens now to the traffic of each directed link. Faults add rules under their id and take
// them away again, so overlapping faults never undo each other: a link is open only when no fault
// blocks it. The proxy asks here for every message and is told of changes.

#include <functional>
#include <map>
#include <set>

#include "nemesis/node_number.h"

namespace sunder::nemesis {

class LinkRules {
 public:
  void block(int fault_id, const std::set<Link>& links);

  /// Takes away everything the fault put in.
  void release(int fault_id);

  bool is_blocked(Link link) const;

  /// Called after each change with every link whose rules changed. One listener: the proxy.
  void on_change(std::function<void(Link)> listener) { listener_ = std::move(listener); }

 private:
  void changed(const std::set<Link>& links);

  std::map<Link, std::set<int>> blockers_;
  std::function<void(Link)> listener_;
};

}  // namespace sunder::nemesis
