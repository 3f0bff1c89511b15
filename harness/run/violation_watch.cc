#include "harness/run/violation_watch.h"

#include <chrono>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "checker/isolation/isolation.h"
#include "checker/linearizability/linearizable.h"
#include "harness/workload_choice.h"

namespace sunder::harness {

namespace {

using WorkloadCheck = decltype(workloads::Workload::check);

/// Signals are for the thread that runs the test.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~WithoutSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;

 private:
  sigset_t before_{};
};

/// One that is piece by piece slower than all at once: a crashed dequeue may take any message.
bool is_judged_as_a_whole(const checker::ErasedModel& model) {
  return model.family() == checker::Family::bags;
}

checker::PrefixChecker::Judge judge_by(const checker::ErasedModel& model) {
  return [&model](const history::History& so_far, checker::Budget budget) {
    return checker::check_linearizability(so_far, model, {budget, 1, nullptr});
  };
}

/// An anomaly stays one when more comes; what is open may be decided then.
checker::PrefixChecker::Judge judge_by(checker::isolation::Level level, WorkloadCheck check) {
  return [level, check](const history::History& so_far, const checker::Budget& budget) {
    auto result = checker::isolation::check_isolation(so_far, level, {budget, 1});
    if (result.validity == checker::Validity::invalid || check == nullptr) return result;
    return check(so_far, budget);
  };
}

}  // namespace

void ViolationWatch::Watched::observe(const history::Event& event) {
  if (online) online->observe(event);
  if (prefix) prefix->observe(event);
}

const std::optional<checker::CheckResult>& ViolationWatch::Watched::violation() const {
  return online ? online->violation() : prefix->violation();
}

ViolationWatch::ViolationWatch(const Plan& plan, OnViolation on_violation)
    : on_violation_(std::move(on_violation)) {
  if (!plan.fail_fast) return;
  workloads_ = workloads_of(plan);
  watched_.reserve(workloads_.size());
  for (const auto* workload : workloads_) watch(plan, *workload);
  const WithoutSignals without_signals;
  thread_ = std::thread([this] { judge_what_comes(); });
}

ViolationWatch::~ViolationWatch() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  has_come_.notify_one();
  thread_.join();
}

void ViolationWatch::watch(const Plan& plan, const workloads::Workload& workload) {
  auto& watched = watched_.emplace_back();
  watched.model = model_of(plan, workload);
  const auto until_over = checker::Budget().unless(is_over_);
  if (const auto level = level_of(plan, workload)) {
    constexpr std::size_t first_look = 64;
    watched.prefix.emplace(judge_by(*level, workload.check), until_over, first_look);
  } else if (!watched.model) {
    watched.prefix.emplace(workload.check, until_over);
  } else if (is_judged_as_a_whole(*watched.model)) {
    watched.prefix.emplace(judge_by(*watched.model), until_over);
  } else {
    watched.online.emplace(*watched.model);
  }
}

void ViolationWatch::observe(const history::Event& event) {
  const bool is_judged = event.process != history::ProcessId::nemesis && event.f != "open";
  if (watched_.empty() || has_reported_ || !is_judged) return;
  {
    const std::lock_guard lock(mutex_);
    come_.push_back(event);
    has_reported_ = !found_.empty();
  }
  has_come_.notify_one();
  // Nobody writes it behind the first time.
  if (has_reported_) on_violation_(found_);
}

void ViolationWatch::judge_what_comes() {
  std::vector<history::Event> events;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      has_come_.wait(lock, [this] { return is_over_ || !come_.empty(); });
      events.clear();
      std::swap(events, come_);
    }
    for (const auto& event : events) {
      if (is_over_) return;
      judge(event);
      if (!found_.empty()) return;
    }
    if (is_over_) return;
  }
}

void ViolationWatch::judge(const history::Event& event) {
  if (event.type == history::EventType::invoke) {
    working_for_[event.process] = workloads::part_of(workloads_, event.key);
  }
  const auto part = working_for_[event.process];
  if (part >= watched_.size()) return;
  auto& watched = watched_[part];
  watched.observe(event);
  const auto& violation = watched.violation();
  if (!violation) return;
  const std::lock_guard lock(mutex_);
  found_ = fmt::format("violation at {:.3f} s: {}",
                       std::chrono::duration<double>(event.time).count(), violation->message);
}

}  // namespace sunder::harness
