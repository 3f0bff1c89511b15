// Writes of unique values, and watches of all keys: a watch asks for the changes from a revision on
// and goes on where the same worker's last one ended. Every change must come once, in order, and
// none may be missing.

#include <algorithm>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

/// All keys of the workload, for a driver: those that begin with what stands before the star.
constexpr const char* all_keys = "k*";

class WatchGenerator final : public Generator {
 public:
  explicit WatchGenerator(const GeneratorOptions& options)
      : choices_(options, {{"write", 100}, {"watch", 1}}),
        next_revision_(static_cast<std::size_t>(options.workers), 1) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    auto key = choices_.key(worker);
    if (f == "write") return {f, std::move(key), choices_.fresh_value(worker), Kind::log};
    return {f, all_keys, next_revision_.at(static_cast<std::size_t>(worker)), Kind::log};
  }

  void completed(Worker worker, const Call& call, const Completion& completion) override {
    if (call.f != "watch" || completion.type != history::EventType::ok) return;
    const auto* events = completion.value.list();
    if (events == nullptr || events->empty()) return;
    const auto* last = events->back().list();
    if (last == nullptr || last->empty() || last->front().integer() == nullptr) return;
    auto& next = next_revision_.at(static_cast<std::size_t>(worker));
    next = std::max(next, *last->front().integer() + 1);
  }

  /// From the beginning: whatever was written must be among it.
  std::vector<Call> final_calls() const override { return {{"watch", all_keys, 1, Kind::log}}; }

 private:
  Choices choices_;
  std::vector<std::int64_t> next_revision_;
};

}  // namespace

std::unique_ptr<Generator> make_watch_generator(const GeneratorOptions& options) {
  return std::make_unique<WatchGenerator>(options);
}

}  // namespace sunder::workloads
