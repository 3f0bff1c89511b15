#include "nemesis/kinds/slow_start.h"

#include "nemesis/kinds/kill.h"
#include "nemesis/kinds/process_kind.h"
#include "nemesis/stage/stage.h"

namespace sunder::nemesis {
namespace {

class SlowStartKind final : public ProcessKind<SlowStart> {
 public:
  std::string_view name() const override { return "slow-start"; }
  std::string_view summary() const override { return "kill processes and start them very slowly"; }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    std::optional<Refusal> refused = kill_targets(fault, stage);
    if (refused) return refused;
    stage.later(fault.id, fault.duration / 2, [fault, &stage] {
      stage.processes.release(fault.id);
      for (NodeId node : fault.target.nodes) stage.processes.pause(fault.id, node);
    });
    return std::nullopt;
  }
  bool ends_processes(const Action&) const override { return true; }
};

}  // namespace

const FaultKind& kind_of(const SlowStart&) {
  static const SlowStartKind kind;
  return kind;
}

}  // namespace sunder::nemesis
