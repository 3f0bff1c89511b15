#pragma once
// The anomalies of a history, collected: of each name the first one is kept, and one that rules out
// more than those before it. The others are counted by name and key.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/isolation/isolation.h"

namespace sunder::checker::isolation {

class Anomalies {
 public:
  /// Takes make() unless one of that name rules out as much. `key` is the name of the key.
  template <typename Make>
  void add(const std::string& name, const std::string& key, const std::vector<Level>& rules_out,
           const Make& make) {
    ++counts_[{name, key}];
    if (is_known(name, rules_out)) return;
    Anomaly anomaly = make();
    anomaly.name = name;
    anomaly.rules_out = rules_out;
    keep(std::move(anomaly));
  }
  void add(Anomaly anomaly, const std::map<std::string, std::size_t>& counts_by_key) {
    for (const auto& [key, count] : counts_by_key) counts_[{anomaly.name, key}] += count;
    if (!is_known(anomaly.name, anomaly.rules_out)) keep(std::move(anomaly));
  }

  bool rules_out(Level level) const {
    return std::any_of(list_.begin(), list_.end(),
                       [&](const Anomaly& each) { return breaks(each.rules_out, level); });
  }
  bool empty() const { return list_.empty(); }
  std::vector<Anomaly> take() { return std::move(list_); }
  const std::map<std::pair<std::string, std::string>, std::size_t>& counts() const {
    return counts_;
  }

 private:
  static bool breaks(const std::vector<Level>& rules_out, Level level) {
    return std::any_of(rules_out.begin(), rules_out.end(),
                       [&](Level weaker) { return implies(level, weaker); });
  }
  static bool breaks(const std::vector<Level>& rules_out, const std::vector<Level>& levels) {
    return std::all_of(levels.begin(), levels.end(),
                       [&](Level level) { return breaks(rules_out, level); });
  }

  bool is_known(const std::string& name, const std::vector<Level>& rules_out) const {
    return std::any_of(list_.begin(), list_.end(), [&](const Anomaly& each) {
      return each.name == name && breaks(each.rules_out, rules_out);
    });
  }

  /// In the place of one of that name that rules out less.
  void keep(Anomaly anomaly) {
    const auto weaker = std::find_if(list_.begin(), list_.end(), [&](const Anomaly& each) {
      return each.name == anomaly.name && breaks(anomaly.rules_out, each.rules_out);
    });
    if (weaker == list_.end()) {
      list_.push_back(std::move(anomaly));
    } else {
      *weaker = std::move(anomaly);
    }
  }

  std::vector<Anomaly> list_;
  std::map<std::pair<std::string, std::string>, std::size_t> counts_;
};

}  // namespace sunder::checker::isolation
