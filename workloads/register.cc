// Reads, unique writes and compare-and-sets on a few independent registers. A cas expects the value
// that was read last on its key, by whichever client, so that most of them have a chance; before
// the first read of a key it writes instead.

#include <unordered_map>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

class RegisterGenerator final : public Generator {
 public:
  RegisterGenerator(const GeneratorOptions& options, Kind kind)
      : choices_(options, {{"read", 5}, {"write", 3}, {"cas", 2}}), kind_(kind) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    auto key = choices_.key(worker);
    if (f == "read") return {f, std::move(key), {}, kind_};
    auto fresh = choices_.fresh_value(worker);
    const auto seen = lately_read_.find(key);
    if (f == "write" || seen == lately_read_.end()) {
      return {"write", std::move(key), std::move(fresh), kind_};
    }
    return {"cas", std::move(key), history::List{seen->second, std::move(fresh)}, kind_};
  }

  void completed(Worker, const Call& call, const Completion& completion) override {
    if (call.f != "read" || completion.type != history::EventType::ok) return;
    if (!completion.value.is_nil()) lately_read_[call.key] = completion.value;
  }

  std::vector<Call> final_calls() const override { return choices_.on_used_keys("read", kind_); }

 private:
  Choices choices_;
  Kind kind_;
  std::unordered_map<std::string, history::Value> lately_read_;
};

}  // namespace

std::unique_ptr<Generator> make_register_generator(const GeneratorOptions& options) {
  return std::make_unique<RegisterGenerator>(options, Kind::register_);
}

std::unique_ptr<Generator> make_versioned_register_generator(const GeneratorOptions& options) {
  return std::make_unique<RegisterGenerator>(options, Kind::versioned_register);
}

}  // namespace sunder::workloads
