#pragma once
// What kinds of faults that strike processes have in common: the targets a user can ask for, and
// those that are drawn. Such a fault has no trigger, so rules that need an event are not among
// them.

#include <string_view>
#include <vector>

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

std::vector<std::string_view> process_target_names();

/// The target named by the refinement. For "": mostly one node or the leader, at times enough nodes
/// to stop the service.
Target draw_process_target(std::string_view refinement, Random& random);

/// A kind without parameters.
template <class P>
class ProcessKind : public FaultKind {
 public:
  std::vector<std::string_view> refinements() const override { return process_target_names(); }
  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    return {{.action = P{}, .target = draw_process_target(refinement, random)}};
  }
  Action read(JsonObject&) const override { return P{}; }
};

}  // namespace sunder::nemesis
