#include "harness/run/violation_watch.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/workload_choice.h"

namespace sunder::harness {

ViolationWatch::ViolationWatch(const Plan& plan, OnViolation on_violation)
    : on_violation_(std::move(on_violation)) {
  if (!plan.fail_fast) return;
  workloads_ = workloads_of(plan);
  for (const auto* workload : workloads_) {
    auto& watched = watched_.emplace_back();
    watched.model = model_of(plan, *workload);
    if (!watched.model) continue;
    watched.checker = std::make_unique<checker::OnlineChecker>(*watched.model);
  }
}

void ViolationWatch::observe(const history::Event& event) {
  const bool is_judged = event.process != history::ProcessId::nemesis && event.f != "open";
  if (watched_.empty() || has_reported_ || !is_judged) return;
  if (event.type == history::EventType::invoke) {
    working_for_[event.process] = workloads::part_of(workloads_, event.key);
  }
  const auto& checker = watched_[working_for_[event.process]].checker;
  if (!checker) return;
  checker->observe(event);
  if (!checker->violation()) return;
  has_reported_ = true;
  on_violation_(fmt::format("violation at {:.3f} s: {}",
                            std::chrono::duration<double>(event.time).count(),
                            checker->violation()->message));
}

}  // namespace sunder::harness
