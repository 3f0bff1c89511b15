// One register a client, in which only that client writes, a number greater each time; everybody
// reads all of them. So the order of the writes of a key is known without any assumption, and each
// read says how far its client has seen. Judged by what a session or all clients may rely on.
// Surprise: a write that ended unknown may take effect behind later ones. So its client leaves the
// register for a new one.

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class GrowingRegistersGenerator final : public Generator {
 public:
  explicit GrowingRegistersGenerator(const GeneratorOptions& options)
      : choices_(options, {{"read", 6}, {"write", 4}}),
        writers_(static_cast<std::size_t>(options.workers)) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    const auto other = choices_.below(worker, writers_.size());
    if (f == "read") return {f, name(other, writers_[other].registers), {}, Kind::register_};
    const auto me = static_cast<std::size_t>(worker);
    return {f, name(me, writers_[me].registers), ++writers_[me].last, Kind::register_};
  }

  void completed(Worker worker, const Call& call, const Completion& completion) override {
    if (call.f != "write" || completion.type != history::EventType::info) return;
    ++writers_[static_cast<std::size_t>(worker)].registers;
  }

  std::vector<Call> final_calls() const override {
    std::vector<Call> calls;
    for (std::size_t worker = 0; worker < writers_.size(); ++worker) {
      for (int number = 1; number <= writers_[worker].registers; ++number) {
        calls.push_back({"read", name(worker, number), {}, Kind::register_});
      }
    }
    return calls;
  }

 private:
  struct Writer {
    std::int64_t last = 0;
    int registers = 1;
  };

  /// "c3", "c3-2", ...
  static std::string name(std::size_t worker, int number) {
    return number == 1 ? fmt::format("c{}", worker + 1) : fmt::format("c{}-{}", worker + 1, number);
  }

  Choices choices_;
  std::vector<Writer> writers_;
};

}  // namespace

std::unique_ptr<Generator> make_growing_registers_generator(const GeneratorOptions& options) {
  return std::make_unique<GrowingRegistersGenerator>(options);
}

}  // namespace sunder::workloads
