#pragma once
// Judges a run while it goes on (--fail-fast, --keep-running), and reports the first violation.
// Surprise: a workload that a check of its own judges is judged only after the run.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checker/linearizability/erased_model.h"
#include "checker/online/online_checker.h"
#include "harness/plan.h"
#include "workloads/workload.h"

namespace sunder::harness {

class ViolationWatch {
 public:
  using OnViolation = std::function<void(const std::string& message)>;

  /// Judges nothing if the plan does not ask for it.
  ViolationWatch(const Plan& plan, OnViolation on_violation);

  void observe(const history::Event& event);

 private:
  /// The watch of one workload; without a checker if nothing judges it here.
  struct Watched {
    std::unique_ptr<checker::ErasedModel> model;
    std::unique_ptr<checker::OnlineChecker> checker;
  };

  OnViolation on_violation_;
  std::vector<const workloads::Workload*> workloads_;
  std::vector<Watched> watched_;
  /// Of each process: whose operation it has open or had last.
  std::map<history::ProcessId, std::size_t> working_for_;
  bool has_reported_ = false;
};

}  // namespace sunder::harness
