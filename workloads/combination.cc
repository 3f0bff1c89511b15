#include "workloads/combination.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/algorithm/string/split.hpp>
#include <fmt/format.h>

namespace sunder::workloads {

namespace {

/// "append." of a key "append.k3" of several workloads.
std::string front_of(const Workload& workload) {
  return fmt::format("{}.", workload.name);
}

/// What the options say of one of several workloads: {"append.read", 2} as {"read", 2}.
std::map<std::string, int> of_part(const std::map<std::string, int>& all,
                                   const Workload& workload) {
  std::map<std::string, int> mine;
  const auto front = front_of(workload);
  for (const auto& [name, number] : all) {
    if (name.starts_with(front)) mine[name.substr(front.size())] = number;
  }
  return mine;
}

/// Leaves what is said of whole workloads.
void erase_parts(Mix& mix) {
  std::erase_if(mix, [](const auto& each) { return each.first.find('.') != std::string::npos; });
}

class CombinedGenerator final : public Generator {
 public:
  CombinedGenerator(const std::vector<const Workload*>& workloads, const GeneratorOptions& options)
      : workloads_(workloads), draws_(options_of_draws(options), weights(workloads)) {
    for (const auto* workload : workloads_) {
      auto its_own = options;
      its_own.mix = of_part(options.mix, *workload);
      for (auto& phase : its_own.phases) phase.mix = of_part(phase.mix, *workload);
      its_own.reserved = of_part(options.reserved, *workload);
      generators_.push_back(workload->make_generator(its_own));
    }
    require_known(options.mix);
    for (const auto& phase : options.phases) require_known(phase.mix);
    require_known(options.reserved);
  }

  std::vector<Call> first_calls() const override {
    return of_all([](const Generator& each) { return each.first_calls(); });
  }
  std::vector<Call> final_calls() const override {
    return of_all([](const Generator& each) { return each.final_calls(); });
  }

  Call next(Worker worker) override {
    const auto& name = draws_.f(worker);
    for (std::size_t part = 0; part < workloads_.size(); ++part) {
      if (workloads_[part]->name == name) return outside(part, generators_[part]->next(worker));
    }
    throw std::logic_error("no workload is called " + name);
  }

  void completed(Worker worker, const Call& call, const Completion& completion) override {
    const auto part = part_of(workloads_, call.key);
    generators_[part]->completed(worker, inside(part, call), completion);
  }

  bool is_final(const Call& call, const Completion& completion) const override {
    const auto part = part_of(workloads_, call.key);
    return generators_[part]->is_final(inside(part, call), completion);
  }

 private:
  static std::vector<std::pair<std::string, int>> weights(
      const std::vector<const Workload*>& workloads) {
    std::vector<std::pair<std::string, int>> weights;
    for (const auto* workload : workloads) weights.emplace_back(workload->name, 1);
    return weights;
  }

  static GeneratorOptions options_of_draws(const GeneratorOptions& options) {
    auto of_draws = options;
    of_draws.reserved.clear();
    erase_parts(of_draws.mix);
    for (auto& phase : of_draws.phases) erase_parts(phase.mix);
    return of_draws;
  }

  void require_known(const std::map<std::string, int>& named) const {
    for (const auto& [name, number] : named) {
      const auto dot = name.find('.');
      if (dot == std::string::npos) continue;
      const bool is_known = std::any_of(
          workloads_.begin(), workloads_.end(),
          [&name = name](const auto* each) { return name.starts_with(front_of(*each)); });
      if (!is_known) {
        throw std::invalid_argument(
            fmt::format("'{}': this run has no workload '{}'", name, name.substr(0, dot)));
      }
    }
  }

  template <typename Calls>
  std::vector<Call> of_all(const Calls& calls) const {
    std::vector<Call> all;
    for (std::size_t part = 0; part < generators_.size(); ++part) {
      for (auto& call : calls(*generators_[part])) all.push_back(outside(part, std::move(call)));
    }
    return all;
  }

  Call outside(std::size_t part, Call call) const {
    if (!workloads_[part]->keyless) call.key = front_of(*workloads_[part]) + call.key;
    return call;
  }
  Call inside(std::size_t part, Call call) const {
    if (!workloads_[part]->keyless) call.key.erase(0, front_of(*workloads_[part]).size());
    return call;
  }

  std::vector<const Workload*> workloads_;
  Choices draws_;
  std::vector<std::unique_ptr<Generator>> generators_;
};

/// Everything of the history but its operations.
history::History without_operations(const history::History& history) {
  history::History rest;
  rest.faults = history.faults;
  rest.assumptions = history.assumptions;
  rest.source = history.source;
  rest.nil_reads_are_unknown = history.nil_reads_are_unknown;
  rest.lines = history.lines;
  rest.files = history.files;
  return rest;
}

}  // namespace

std::vector<const Workload*> find_workloads(std::string_view names) {
  std::vector<std::string> each;
  boost::algorithm::split(each, names, [](char c) { return c == '+'; });
  std::vector<const Workload*> found;
  const Workload* keyless = nullptr;
  for (const auto& name : each) {
    const auto& workload = find_workload(name);
    if (std::find(found.begin(), found.end(), &workload) != found.end()) {
      throw std::invalid_argument(fmt::format("--workload {}: {} is there twice", names, name));
    }
    if (workload.keyless && keyless != nullptr) {
      throw std::invalid_argument(fmt::format(
          "--workload {}: {} and {} both work without keys, so their operations can't be told "
          "apart; run them one after the other",
          names, keyless->name, workload.name));
    }
    if (workload.keyless) keyless = &workload;
    found.push_back(&workload);
  }
  return found;
}

Operations operations_of(const std::vector<const Workload*>& workloads) {
  Operations needed;
  for (const auto* workload : workloads) {
    const auto needs = workload->needs();
    for (const auto& [kind, functions] : needs.by_kind()) {
      for (const auto& f : functions) needed.add(kind, f);
    }
  }
  return needed;
}

std::unique_ptr<Generator> make_generator(const std::vector<const Workload*>& workloads,
                                          const GeneratorOptions& options) {
  if (workloads.size() == 1) return workloads.front()->make_generator(options);
  return std::make_unique<CombinedGenerator>(workloads, options);
}

std::size_t part_of(const std::vector<const Workload*>& workloads, std::string_view key) {
  if (workloads.size() == 1) return 0;
  auto without_keys = workloads.size();
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    if (workloads[i]->keyless) {
      without_keys = i;
    } else if (key.starts_with(front_of(*workloads[i]))) {
      return i;
    }
  }
  return without_keys;
}

std::vector<history::History> part(const history::History& history,
                                   const std::vector<const Workload*>& workloads) {
  std::vector<history::History> parts;
  for (std::size_t i = 0; i < workloads.size(); ++i) parts.push_back(without_operations(history));
  for (const auto& operation : history.operations) {
    if (operation.f == "open") continue;
    const auto place = part_of(workloads, operation.key);
    if (place == workloads.size()) {
      throw history::AssumptionBroken(
          history.place_of(operation.invoked),
          fmt::format("key {} belongs to none of the run's workloads", operation.key.text()));
    }
    parts[place].operations.push_back(operation);
  }
  return parts;
}

}  // namespace sunder::workloads
