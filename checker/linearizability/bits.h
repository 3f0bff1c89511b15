#pragma once
// A set of slots in a fixed number of words. One word is the common case and costs nothing extra.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sunder::checker {

template <std::size_t Words>
struct Bits {
  std::array<std::uint64_t, Words> words{};

  bool test(std::uint32_t bit) const { return (words[bit / 64] >> (bit % 64)) & 1; }
  void set(std::uint32_t bit) { words[bit / 64] |= std::uint64_t{1} << (bit % 64); }
  void reset(std::uint32_t bit) { words[bit / 64] &= ~(std::uint64_t{1} << (bit % 64)); }
  bool any() const {
    for (const auto word : words) {
      if (word != 0) return true;
    }
    return false;
  }

  Bits& operator|=(const Bits& other) {
    for (std::size_t i = 0; i < Words; ++i) words[i] |= other.words[i];
    return *this;
  }
  /// The bits that are not in `other`.
  Bits without(const Bits& other) const {
    Bits result;
    for (std::size_t i = 0; i < Words; ++i) result.words[i] = words[i] & ~other.words[i];
    return result;
  }

  template <typename F>
  void for_each(F&& f) const {
    for (std::size_t i = 0; i < Words; ++i) {
      for (auto word = words[i]; word != 0; word &= word - 1) {
        f(static_cast<std::uint32_t>(64 * i) + static_cast<std::uint32_t>(std::countr_zero(word)));
      }
    }
  }

  std::uint64_t hash(std::uint64_t seed) const {
    for (const auto word : words) {
      seed = (seed ^ word) * 0x9e3779b97f4a7c15U;
      seed ^= seed >> 32;
    }
    return seed;
  }

  bool operator==(const Bits&) const = default;
};

}  // namespace sunder::checker
