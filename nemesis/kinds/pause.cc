#include "nemesis/kinds/pause.h"

#include "nemesis/kinds/process_kind.h"
#include "nemesis/stage/stage.h"

namespace sunder::nemesis {
namespace {

class PauseKind final : public ProcessKind<Pause> {
 public:
  std::string_view name() const override { return "pause"; }
  std::string_view summary() const override {
    return "pause processes (SIGSTOP) and resume them (SIGCONT)";
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    bool was_running = false;
    for (NodeId node : fault.target.nodes) was_running |= stage.processes.pause(fault.id, node);
    if (was_running) return std::nullopt;
    stage.processes.release(fault.id);
    return Refusal{"every target is down or paused already", true};
  }
};

}  // namespace

const FaultKind& kind_of(const Pause&) {
  static const PauseKind kind;
  return kind;
}

}  // namespace sunder::nemesis
