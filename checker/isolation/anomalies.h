#pragma once
// The anomalies of a history, collected: of each name one is kept, the others are counted by name
// and key. It is the first of those that rule out the weakest level.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/isolation/isolation.h"

namespace sunder::checker::isolation {

class Anomalies {
 public:
  /// Takes make() unless one of that name is known that rules out as much. `key` is the name of the
  /// key.
  template <typename Make>
  void add(const std::string& name, const std::string& key, std::vector<Level> rules_out,
           const Make& make) {
    ++counts_[{name, key}];
    auto* known = find(name);
    if (known != nullptr && !(rules_out < known->rules_out)) return;
    if (known == nullptr) known = &list_.emplace_back();
    *known = make();
    known->name = name;
    known->rules_out = std::move(rules_out);
  }
  void add(Anomaly anomaly, const std::map<std::string, std::size_t>& counts_by_key) {
    for (const auto& [key, count] : counts_by_key) counts_[{anomaly.name, key}] += count;
    auto* known = find(anomaly.name);
    if (known == nullptr) {
      list_.push_back(std::move(anomaly));
    } else if (anomaly.rules_out < known->rules_out) {
      *known = std::move(anomaly);
    }
  }

  bool empty() const { return list_.empty(); }
  std::vector<Anomaly> take() { return std::move(list_); }
  const std::map<std::pair<std::string, std::string>, std::size_t>& counts() const {
    return counts_;
  }

 private:
  Anomaly* find(const std::string& name) {
    for (auto& each : list_) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }

  std::vector<Anomaly> list_;
  std::map<std::pair<std::string, std::string>, std::size_t> counts_;
};

}  // namespace sunder::checker::isolation
