// What grows under a key and is read whole: a list (append), a set (add, remove), a text (write,
// append). A key is left for a new one after some calls, as a read costs as much as it returns.
// Keys that were left are read at the end: a loss shows although nobody asked meanwhile.

#include <utility>

#include <fmt/format.h>

#include "workloads/choices.h"
#include "workloads/workload.h"

namespace sunder::workloads {

namespace {

using Weights = std::vector<std::pair<std::string, int>>;

class CollectionGenerator : public Generator {
 public:
  CollectionGenerator(const GeneratorOptions& options, Kind kind, const Weights& usual,
                      int usual_ops_per_key)
      : choices_(options, usual, usual_ops_per_key), kind_(kind) {}

  Call next(Worker worker) override {
    const auto& f = choices_.f(worker);
    auto key = choices_.key(worker);
    if (f == "read") return {f, std::move(key), {}, kind_};
    auto element = f == "remove" ? removable(worker, key) : fresh(worker);
    if (element.is_nil()) return {"read", std::move(key), {}, kind_};
    return {f, std::move(key), std::move(element), kind_};
  }

  std::vector<Call> final_calls() const override { return choices_.on_used_keys("read", kind_); }

 protected:
  Choices& choices() { return choices_; }

 private:
  virtual history::Value fresh(Worker worker) { return choices_.fresh_value(worker); }
  virtual history::Value removable(Worker, const std::string& /*key*/) { return {}; }

  Choices choices_;
  Kind kind_;
};

class SetGenerator final : public CollectionGenerator {
 public:
  explicit SetGenerator(const GeneratorOptions& options)
      : CollectionGenerator(options, Kind::set, {{"add", 6}, {"read", 4}, {"remove", 0}}, 400),
        added_(static_cast<std::size_t>(options.workers)) {}

  void completed(Worker worker, const Call& call, const Completion& completion) override {
    if (call.f != "add" || completion.type != history::EventType::ok) return;
    added_[static_cast<std::size_t>(worker)].emplace_back(call.key, call.value);
  }

 private:
  // An element that this worker added to the key; each is removed once.
  history::Value removable(Worker worker, const std::string& key) override {
    auto& mine = added_[static_cast<std::size_t>(worker)];
    for (auto each = mine.begin(); each != mine.end(); ++each) {
      if (each->first != key) continue;
      auto element = std::move(each->second);
      mine.erase(each);
      return element;
    }
    mine.clear();
    return {};
  }

  std::vector<std::vector<std::pair<std::string, history::Value>>> added_;
};

// "17;": no text of several parts can be read in two ways.
class TextGenerator final : public CollectionGenerator {
 public:
  explicit TextGenerator(const GeneratorOptions& options)
      : CollectionGenerator(options, Kind::text, {{"read", 4}, {"write", 1}, {"append", 5}}, 200) {}

 private:
  history::Value fresh(Worker worker) override {
    return text_or_json(choices().fresh_value(worker)) + ";";
  }
};

}  // namespace

std::unique_ptr<Generator> make_append_generator(const GeneratorOptions& options) {
  return std::make_unique<CollectionGenerator>(options, Kind::list,
                                               Weights{{"append", 6}, {"read", 4}}, 200);
}

std::unique_ptr<Generator> make_set_generator(const GeneratorOptions& options) {
  return std::make_unique<SetGenerator>(options);
}

std::unique_ptr<Generator> make_kv_generator(const GeneratorOptions& options) {
  return std::make_unique<TextGenerator>(options);
}

}  // namespace sunder::workloads
