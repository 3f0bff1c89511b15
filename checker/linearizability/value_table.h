#pragma once
// Numbers for values: equal values get one number, counted from 0. An open-addressed table of
// numbers, because a million node-based entries cost more than the whole decision.
// Surprise: it keeps pointers to the values, which must outlive it.

#include <cstdint>
#include <vector>

#include "checker/history/value.h"

namespace sunder::checker {

class ValueTable {
 public:
  ValueTable() : slots_(64, empty) {}

  void reserve(std::size_t values) {
    while (slots_.size() < 2 * values) slots_.resize(2 * slots_.size(), empty);
    values_.reserve(values);
  }

  std::uint32_t number_of(const history::Value& value) {
    if (2 * values_.size() >= slots_.size()) grow();
    const std::size_t slot = slot_of(value);
    if (slots_[slot] == empty) {
      slots_[slot] = static_cast<std::uint32_t>(values_.size());
      values_.push_back(&value);
    }
    return slots_[slot];
  }

  std::size_t size() const { return values_.size(); }
  const history::Value& value(std::uint32_t number) const { return *values_[number]; }

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;

  std::size_t slot_of(const history::Value& value) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_of(value) & mask;
    while (slots_[slot] != empty && !(*values_[slots_[slot]] == value)) slot = (slot + 1) & mask;
    return slot;
  }

  void grow() {
    slots_.assign(2 * slots_.size(), empty);
    for (std::uint32_t number = 0; number < values_.size(); ++number) {
      slots_[slot_of(*values_[number])] = number;
    }
  }

  std::vector<std::uint32_t> slots_;
  std::vector<const history::Value*> values_;
};

/// An Info for each value, by its number.
template <typename Info>
class ValueMap {
 public:
  void reserve(std::size_t values) {
    numbers_.reserve(values);
    infos_.reserve(values);
  }

  /// Adds an Info for a new value.
  std::uint32_t number_of(const history::Value& value) {
    const auto number = numbers_.number_of(value);
    if (number == infos_.size()) infos_.emplace_back();
    return number;
  }

  Info& operator[](std::uint32_t number) { return infos_[number]; }
  const Info& operator[](std::uint32_t number) const { return infos_[number]; }
  Info& of(const history::Value& value) { return infos_[number_of(value)]; }
  const history::Value& value(std::uint32_t number) const { return numbers_.value(number); }
  std::size_t size() const { return infos_.size(); }
  auto begin() const { return infos_.begin(); }
  auto end() const { return infos_.end(); }

 private:
  ValueTable numbers_;
  std::vector<Info> infos_;
};

}  // namespace sunder::checker
