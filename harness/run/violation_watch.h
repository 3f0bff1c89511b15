#pragma once
// Judges a run while it goes on (--fail-fast, --keep-running), and reports the first violation. A
// thread of its own judges, so that a judge that needs long does not hold up the clients.
// Surprise: a violation is reported at the next event behind it.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "checker/linearizability/erased_model.h"
#include "checker/online/online_checker.h"
#include "checker/online/prefix_checker.h"
#include "harness/plan.h"
#include "workloads/workload.h"

namespace sunder::harness {

class ViolationWatch {
 public:
  using OnViolation = std::function<void(const std::string& message)>;

  /// Judges nothing if the plan does not ask for it.
  ViolationWatch(const Plan& plan, OnViolation on_violation);
  /// Does not wait for what was not judged yet.
  ~ViolationWatch();

  /// May call `on_violation`, once.
  void observe(const history::Event& event);

 private:
  /// The watch of one workload: one of both checkers.
  struct Watched {
    std::unique_ptr<checker::ErasedModel> model;
    std::optional<checker::OnlineChecker> online;
    std::optional<checker::PrefixChecker> prefix;

    void observe(const history::Event& event);
    const std::optional<checker::CheckResult>& violation() const;
  };

  void watch(const Plan& plan, const workloads::Workload& workload);
  void judge_what_comes();
  void judge(const history::Event& event);

  OnViolation on_violation_;
  std::vector<const workloads::Workload*> workloads_;
  bool has_reported_ = false;

  std::mutex mutex_;
  std::condition_variable has_come_;
  std::vector<history::Event> come_;
  /// The whole message; empty until something was found.
  std::string found_;
  std::atomic<bool> is_over_ = false;

  // Of the thread that judges.
  std::vector<Watched> watched_;
  /// Of each process: whose operation it has open or had last.
  std::map<history::ProcessId, std::size_t> working_for_;
  std::thread thread_;
};

}  // namespace sunder::harness
