#pragma once
// Judges a run while it goes on (--fail-fast, --keep-running), and reports the first violation.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "checker/models/catalog.h"
#include "checker/online/online_checker.h"
#include "harness/plan.h"

namespace sunder::harness {

class ViolationWatch {
 public:
  using OnViolation = std::function<void(const std::string& message)>;

  /// Judges nothing if the plan does not ask for it.
  ViolationWatch(const Plan& plan, OnViolation on_violation);

  void observe(const history::Event& event);

 private:
  OnViolation on_violation_;
  std::unique_ptr<checker::ErasedModel> model_;
  std::optional<checker::OnlineChecker> checker_;
};

}  // namespace sunder::harness
