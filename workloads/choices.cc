#include "workloads/choices.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder::workloads {

namespace {

/// In parts of 2^20 for the first key, so that the sums fit and are the same everywhere.
std::vector<std::uint64_t> zipf(std::uint64_t keys, double skew) {
  if (skew == 0) return {};
  std::vector<std::uint64_t> sums;
  std::uint64_t sum = 0;
  for (std::uint64_t key = 1; key <= keys; ++key) {
    const auto weight = std::pow(static_cast<double>(key), -skew) * (1 << 20);
    sum += std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(weight)));
    sums.push_back(sum);
  }
  return sums;
}

}  // namespace

Choices::Choices(const GeneratorOptions& options,
                 const std::vector<std::pair<std::string, int>>& usual, int usual_ops_per_key)
    : keys_(static_cast<std::uint64_t>(options.keys)),
      key_weights_(zipf(keys_, options.key_skew)),
      value_bytes_(options.value_bytes) {
  for (const auto& [f, weight] : usual) functions_.push_back(f);
  std::uint64_t end = 0;
  for (const auto& phase : options.phases) {
    end += static_cast<std::uint64_t>(phase.calls);
    phases_.push_back(weights_of(usual, options.mix, phase.mix));
    phases_.back().end = end;
  }
  if (phases_.empty()) phases_.push_back(weights_of(usual, options.mix, {}));
  const auto ops_per_key =
      static_cast<std::uint64_t>(options.ops_per_key.value_or(usual_ops_per_key));
  if (ops_per_key > 0) {
    const auto of_all_workers = ops_per_key * keys_;
    calls_per_round_ =
        std::max<std::uint64_t>(1, of_all_workers / static_cast<std::uint64_t>(options.workers));
  }
  for (int worker = 0; worker < options.workers; ++worker) {
    std::seed_seq seed{options.seed, options.seed >> 32, static_cast<std::uint64_t>(worker)};
    slots_.push_back({std::mt19937_64(seed)});
  }
  reserve(options.reserved);
}

void Choices::reserve(const std::map<std::string, int>& reserved) {
  std::size_t worker = 0;
  for (const auto& [f, count] : reserved) {
    const auto place = place_of(f);
    for (int i = 0; i < count && worker < slots_.size(); ++i) slots_[worker++].only = place;
  }
}

Choices::Weights Choices::weights_of(const std::vector<std::pair<std::string, int>>& usual,
                                     const Mix& mix, const Mix& of_phase) const {
  Weights weights;
  for (const auto& [f, weight] : usual) {
    weights.of_each.push_back(static_cast<std::uint64_t>(weight));
  }
  for (const auto* each : {&mix, &of_phase}) {
    for (const auto& [f, weight] : *each) {
      weights.of_each[place_of(f)] = static_cast<std::uint64_t>(weight);
    }
  }
  for (const auto weight : weights.of_each) weights.total += weight;
  if (weights.total == 0) throw std::invalid_argument("a mix leaves nothing to do");
  return weights;
}

std::size_t Choices::place_of(const std::string& f) const {
  const auto found = std::find(functions_.begin(), functions_.end(), f);
  if (found != functions_.end()) return static_cast<std::size_t>(found - functions_.begin());
  throw std::invalid_argument(fmt::format("the workload has no operation '{}'; it has: {}", f,
                                          fmt::join(functions_, ", ")));
}

const Choices::Weights& Choices::weights_at(std::uint64_t calls) const {
  if (phases_.size() == 1) return phases_.front();
  const auto in_round = calls % phases_.back().end;
  return *std::find_if(phases_.begin(), phases_.end(),
                       [&](const Weights& phase) { return in_round < phase.end; });
}

const std::string& Choices::f(Worker worker) {
  auto& mine = slot(worker);
  last_round_ = std::max(last_round_, round_of(mine));
  const auto& weights = weights_at(mine.calls++);
  auto drawn = mine.random() % weights.total;
  if (mine.only) return functions_[*mine.only];
  std::size_t place = 0;
  for (; drawn >= weights.of_each[place]; ++place) drawn -= weights.of_each[place];
  return functions_[place];
}

std::uint64_t Choices::round_of(const Slot& slot) const {
  return calls_per_round_ == 0 ? 0 : slot.calls / calls_per_round_;
}

std::uint64_t Choices::place(Worker worker) {
  auto& random = slot(worker).random;
  if (key_weights_.empty()) return random() % keys_;
  const auto drawn = random() % key_weights_.back();
  const auto found = std::upper_bound(key_weights_.begin(), key_weights_.end(), drawn);
  return static_cast<std::uint64_t>(std::distance(key_weights_.begin(), found));
}

std::string Choices::key(Worker worker) {
  // f() has counted the present call.
  const auto calls = slot(worker).calls - 1;
  const auto round = calls_per_round_ == 0 ? 0 : calls / calls_per_round_;
  return fmt::format("k{}", round * keys_ + place(worker) + 1);
}

std::uint64_t Choices::below(Worker worker, std::uint64_t count) {
  return slot(worker).random() % count;
}

std::int64_t Choices::fresh_number(Worker worker) {
  return 1 + std::int64_t{static_cast<int>(worker)} +
         std::int64_t{workers()} * slot(worker).values_used++;
}

history::Value Choices::fresh_value(Worker worker) {
  return padded(fresh_number(worker));
}

history::Value Choices::padded(std::int64_t number) const {
  if (value_bytes_ == 0) return number;
  auto text = fmt::format("{}", number);
  text.resize(std::max(text.size() + 1, static_cast<std::size_t>(value_bytes_)), '.');
  return text;
}

std::vector<std::string> Choices::used_keys() const {
  std::vector<std::string> keys;
  for (std::uint64_t key = 1; key <= (last_round_ + 1) * keys_; ++key) {
    keys.push_back(fmt::format("k{}", key));
  }
  return keys;
}

std::vector<Call> Choices::on_used_keys(const std::string& f, Kind kind) const {
  std::vector<Call> calls;
  for (auto& key : used_keys()) calls.push_back({f, std::move(key), {}, kind});
  return calls;
}

}  // namespace sunder::workloads
