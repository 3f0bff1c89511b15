#pragma once
// The anomalies of a history, collected: of each name the first one is kept, the others are counted
// by name and key.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/isolation/isolation.h"

namespace sunder::checker::isolation {

class Anomalies {
 public:
  /// Takes make() if there is none of that name. `key` is the name of the key.
  template <typename Make>
  void add(const std::string& name, const std::string& key, const Make& make) {
    ++counts_[{name, key}];
    if (has(name)) return;
    list_.push_back(make());
    list_.back().name = name;
  }
  void add(Anomaly anomaly, const std::map<std::string, std::size_t>& counts_by_key) {
    for (const auto& [key, count] : counts_by_key) counts_[{anomaly.name, key}] += count;
    if (!has(anomaly.name)) list_.push_back(std::move(anomaly));
  }

  bool has(const std::string& name) const {
    for (const auto& each : list_) {
      if (each.name == name) return true;
    }
    return false;
  }
  bool rules_out(Level level) const {
    for (const auto& each : list_) {
      for (const auto weaker : each.rules_out) {
        if (implies(level, weaker)) return true;
      }
    }
    return false;
  }
  const std::vector<Anomaly>& list() const { return list_; }
  std::vector<Anomaly> take() { return std::move(list_); }
  const std::map<std::pair<std::string, std::string>, std::size_t>& counts() const {
    return counts_;
  }

 private:
  std::vector<Anomaly> list_;
  std::map<std::pair<std::string, std::string>, std::size_t> counts_;
};

}  // namespace sunder::checker::isolation
