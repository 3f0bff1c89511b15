// Clients that acquire a lock and release it again. The owner is the worker, "c3", not the process:
// so a client whose acquire ended unknown can release what it may hold, and a lock is not held for
// ever by a process that is gone.

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class LockGenerator final : public Generator {
 public:
  explicit LockGenerator(const GeneratorOptions& options)
      : choices_(options, {{"acquire", 1}}), may_hold_(static_cast<std::size_t>(options.workers)) {}

  Call next(Worker worker) override {
    choices_.f(worker);
    auto key = choices_.key(worker);
    const auto& held = may_hold_.at(static_cast<std::size_t>(worker));
    if (!held.empty()) return {"release", held, owner(worker), Kind::lock};
    return {"acquire", std::move(key), owner(worker), Kind::lock};
  }

  void completed(Worker worker, const Call& call, const Completion& completion) override {
    auto& held = may_hold_.at(static_cast<std::size_t>(worker));
    if (call.f == "release") {
      if (completion.type == history::EventType::ok || is_refused(completion)) held.clear();
    } else if (completion.type != history::EventType::fail || may_be_mine(worker, completion)) {
      held = call.key;
    }
  }

  std::vector<Call> final_calls() const override {
    std::vector<Call> calls;
    for (std::size_t worker = 0; worker < may_hold_.size(); ++worker) {
      if (may_hold_[worker].empty()) continue;
      calls.push_back(
          {"release", may_hold_[worker], owner(Worker{static_cast<int>(worker)}), Kind::lock});
    }
    for (auto& key : choices_.used_keys()) {
      calls.push_back({"acquire", key, "final", Kind::lock});
      calls.push_back({"release", key, "final", Kind::lock});
    }
    return calls;
  }

  bool is_final(const Call&, const Completion& completion) const override {
    // Whoever acquired last may be gone.
    return completion.type == history::EventType::ok || is_refused(completion);
  }

 private:
  /// Somebody answered that it can't be done.
  static bool is_refused(const Completion& completion) {
    return completion.type == history::EventType::fail && completion.answer &&
           (completion.answer->found || !completion.answer->node.empty());
  }

  /// Whether the lock that was refused is held by the worker itself, by an earlier acquire that
  /// came late. If the system does not say who holds it, the worker tries a release now and then.
  bool may_be_mine(Worker worker, const Completion& completion) {
    if (!is_refused(completion)) return false;
    if (completion.answer->found) return *completion.answer->found == owner(worker);
    constexpr int now_and_then = 4;
    return ++refused_ % now_and_then == 0;
  }

  static history::Value owner(Worker worker) {
    return fmt::format("c{}", static_cast<int>(worker) + 1);
  }

  Choices choices_;
  /// Of each worker: the key whose lock it holds or may hold.
  std::vector<std::string> may_hold_;
  /// Acquires without a word on who holds the lock.
  int refused_ = 0;
};

}  // namespace

std::unique_ptr<Generator> make_lock_generator(const GeneratorOptions& options) {
  return std::make_unique<LockGenerator>(options);
}

}  // namespace sunder::workloads
