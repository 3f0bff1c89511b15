#include "harness/run/violation_watch.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "harness/flags/model_flags.h"

namespace sunder::harness {

ViolationWatch::ViolationWatch(const Plan& plan, OnViolation on_violation)
    : on_violation_(std::move(on_violation)) {
  if (!plan.fail_fast) return;
  model_ = model_of(plan);
  checker_.emplace(*model_);
}

void ViolationWatch::observe(const history::Event& event) {
  if (!checker_ || checker_->violation()) return;
  checker_->observe(event);
  if (!checker_->violation()) return;
  on_violation_(fmt::format("violation at {:.3f} s: {}",
                            std::chrono::duration<double>(event.time).count(),
                            checker_->violation()->message));
}

}  // namespace sunder::harness
