// Additions to counters, and reads. All amounts are 1, as Jepsen's are: then a history of any
// length is decided exactly, with crashes.

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class CounterGenerator final : public Generator {
 public:
  explicit CounterGenerator(const GeneratorOptions& options)
      : choices_(options, {{"add", 5}, {"read", 5}}, 2000) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    history::Value amount;
    if (f == "add") amount = 1;
    return {f, choices_.key(worker), std::move(amount), Kind::counter};
  }

  std::vector<Call> final_calls() const override {
    return choices_.on_used_keys("read", Kind::counter);
  }

 private:
  Choices choices_;
};

}  // namespace

std::unique_ptr<Generator> make_counter_generator(const GeneratorOptions& options) {
  return std::make_unique<CounterGenerator>(options);
}

}  // namespace sunder::workloads
