#pragma once
// Numbers values from 1 on, in the order in which they come. Surprise: small integers, which most
// keys and values are, need no hashing.

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/history/value.h"

namespace sunder::checker::isolation {

class ValueNumbers {
 public:
  std::uint32_t number_of(const history::Value& value) {
    const auto* integer = value.integer();
    const auto dense = 8 * values_.size() + 64;
    if (integer != nullptr && *integer >= 0 && static_cast<std::uint64_t>(*integer) < dense) {
      return number_of_small(static_cast<std::size_t>(*integer), value);
    }
    const auto [at, is_new] = others_.try_emplace(value, 0);
    if (is_new) at->second = next(value);
    return at->second;
  }

  const history::Value& value(std::uint32_t number) const { return values_[number - 1]; }
  std::vector<history::Value> take() { return std::move(values_); }

 private:
  std::uint32_t next(const history::Value& value) {
    values_.push_back(value);
    return static_cast<std::uint32_t>(values_.size());
  }

  /// An integer that was too great for the table when it came is among the others.
  std::uint32_t number_of_small(std::size_t integer, const history::Value& value) {
    if (integer >= small_.size()) small_.resize(8 * values_.size() + 64);
    auto& number = small_[integer];
    if (number != 0) return number;
    const auto other = others_.find(value);
    number = other != others_.end() ? other->second : next(value);
    return number;
  }

  std::vector<history::Value> values_;
  std::vector<std::uint32_t> small_;
  std::unordered_map<history::Value, std::uint32_t, history::ValueHash> others_;
};

}  // namespace sunder::checker::isolation
