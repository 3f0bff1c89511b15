#include "nemesis/kinds/kill.h"

#include "nemesis/kinds/process_kind.h"
#include "nemesis/stage/stage.h"

namespace sunder::nemesis {
namespace {

class KillKind final : public ProcessKind<Kill> {
 public:
  std::string_view name() const override { return "kill"; }
  std::string_view summary() const override {
    return "kill processes (SIGKILL) and start them again";
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    return kill_targets(fault, stage);
  }
  bool ends_processes(const Action&) const override { return true; }
};

}  // namespace

const FaultKind& kind_of(const Kill&) {
  static const KillKind kind;
  return kind;
}

std::optional<Refusal> kill_targets(const Fault& fault, const Stage& stage) {
  bool was_up = false;
  for (NodeId node : fault.target.nodes) was_up |= stage.processes.kill(fault.id, node);
  if (was_up) return std::nullopt;
  stage.processes.release(fault.id);
  return Refusal{"every target is down already", true};
}

}  // namespace sunder::nemesis
