#pragma once
// A map from 64-bit keys to 32-bit numbers in two flat arrays, for the millions of lookups of a
// search. Entries are never removed. The key ~0 is reserved.

#include <cstdint>
#include <optional>
#include <vector>

namespace sunder::checker {

class FlatMap {
 public:
  FlatMap() : keys_(64, free_key), values_(64) {}

  std::optional<std::uint32_t> find(std::uint64_t key) const {
    const std::size_t slot = slot_of(key);
    if (keys_[slot] == free_key) return std::nullopt;
    return values_[slot];
  }

  /// The key must not be in the map.
  void insert(std::uint64_t key, std::uint32_t value) {
    if (2 * ++size_ > keys_.size()) grow();
    const std::size_t slot = slot_of(key);
    keys_[slot] = key;
    values_[slot] = value;
  }

  /// What the next `insert` allocates: 0 unless it grows the arrays.
  std::size_t growth_bytes() const {
    return 2 * (size_ + 1) > keys_.size() ? 2 * memory_bytes() : 0;
  }

  std::size_t memory_bytes() const {
    return keys_.size() * (sizeof(std::uint64_t) + sizeof(std::uint32_t));
  }

 private:
  static constexpr std::uint64_t free_key = ~std::uint64_t{0};

  std::size_t slot_of(std::uint64_t key) const {
    const std::size_t mask = keys_.size() - 1;
    std::uint64_t hash = key * 0x9e3779b97f4a7c15U;
    std::size_t slot = (hash ^ (hash >> 32)) & mask;
    while (keys_[slot] != free_key && keys_[slot] != key) slot = (slot + 1) & mask;
    return slot;
  }

  void grow() {
    const auto old_keys = std::move(keys_);
    const auto old_values = std::move(values_);
    keys_.assign(2 * old_keys.size(), free_key);
    values_.resize(2 * old_values.size());
    for (std::size_t i = 0; i < old_keys.size(); ++i) {
      if (old_keys[i] == free_key) continue;
      const std::size_t slot = slot_of(old_keys[i]);
      keys_[slot] = old_keys[i];
      values_[slot] = old_values[i];
    }
  }

  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> values_;
  std::size_t size_ = 0;
};

}  // namespace sunder::checker
