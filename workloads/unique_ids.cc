// Clients that ask for ids, which must all differ.

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class UniqueIdsGenerator final : public Generator {
 public:
  explicit UniqueIdsGenerator(const GeneratorOptions& options)
      : choices_(options, {{"generate", 1}}) {}

  Call next(Worker worker) override { return {choices_.f(worker), {}, {}, Kind::ids}; }
  std::vector<Call> final_calls() const override { return {{"generate", {}, {}, Kind::ids}}; }

 private:
  Choices choices_;
};

}  // namespace

std::unique_ptr<Generator> make_unique_ids_generator(const GeneratorOptions& options) {
  return std::make_unique<UniqueIdsGenerator>(options);
}

}  // namespace sunder::workloads
