#include "workloads/register.h"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "checker/models/register.h"

namespace sunder::workloads {

namespace {

class RegisterGenerator final : public Generator {
 public:
  explicit RegisterGenerator(const GeneratorOptions& options)
      : keys_(options.keys), workers_(options.workers), lately_read_(options.keys) {
    for (int worker = 0; worker < options.workers; ++worker) {
      std::seed_seq seed{options.seed, options.seed >> 32, static_cast<std::uint64_t>(worker)};
      slots_.push_back({std::mt19937_64(seed), 0});
    }
  }

  Call next(Worker worker) override {
    auto& slot = slots_.at(static_cast<std::size_t>(worker));
    const auto kind = slot.random() % 10;
    const auto key = static_cast<std::size_t>(slot.random() % keys_);
    if (kind < 5) return {"read", name_of_key(key), {}};
    const history::Value fresh =
        1 + std::int64_t{static_cast<int>(worker)} + std::int64_t{workers_} * slot.values_used++;
    if (kind < 8 || lately_read_[key].is_nil()) return {"write", name_of_key(key), fresh};
    return {"cas", name_of_key(key), history::List{lately_read_[key], fresh}};
  }

  void completed(const Call& call, const Completion& completion) override {
    if (call.f != "read" || completion.type != history::EventType::ok) return;
    lately_read_.at(number_of_key(call.key)) = completion.value;
  }

  std::vector<Call> final_reads() const override {
    std::vector<Call> calls;
    for (std::size_t key = 0; key < lately_read_.size(); ++key) {
      calls.push_back({"read", name_of_key(key), {}});
    }
    return calls;
  }

 private:
  struct Slot {
    // The engine's numbers are the same with every library; the standard's distributions are not.
    std::mt19937_64 random;
    std::int64_t values_used;
  };

  static std::string name_of_key(std::size_t key) { return "k" + std::to_string(key + 1); }
  static std::size_t number_of_key(const std::string& name) {
    return std::stoul(name.substr(1)) - 1;
  }

  std::uint64_t keys_;
  int workers_;
  std::vector<history::Value> lately_read_;
  std::vector<Slot> slots_;
};

}  // namespace

std::unique_ptr<Generator> make_register_generator(const GeneratorOptions& options) {
  return std::make_unique<RegisterGenerator>(options);
}

}  // namespace sunder::workloads
