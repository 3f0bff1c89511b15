// Enqueues of unique values and dequeues. At the end each queue is drained, one dequeue after
// another until it says that it is empty: what was enqueued and never comes out is lost.

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class QueueGenerator final : public Generator {
 public:
  explicit QueueGenerator(const GeneratorOptions& options)
      : choices_(options, {{"enqueue", 1}, {"dequeue", 1}}, 2000) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    auto key = choices_.key(worker);
    history::Value value;
    if (f == "enqueue") value = choices_.fresh_value(worker);
    return {f, std::move(key), std::move(value), Kind::queue};
  }

  std::vector<Call> final_calls() const override {
    return choices_.on_used_keys("dequeue", Kind::queue);
  }

  bool is_final(const Call&, const Completion& completion) const override {
    const bool says_empty = completion.answer && completion.answer->found;
    return says_empty || (completion.type == history::EventType::ok && completion.value.is_nil());
  }

 private:
  Choices choices_;
};

}  // namespace

std::unique_ptr<Generator> make_queue_generator(const GeneratorOptions& options) {
  return std::make_unique<QueueGenerator>(options);
}

}  // namespace sunder::workloads
