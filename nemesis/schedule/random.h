#pragma once
// A small seeded generator (SplitMix64) whose draws are the same with every compiler and library,
// which the standard's distributions do not promise: a seed must mean one schedule everywhere.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sunder::nemesis {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// 0 <= result < bound; bound > 0. The bias of the modulo is below 2^-40 for our small bounds.
  std::size_t below(std::size_t bound) { return next() % bound; }

  /// 0 <= result < 1
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  double between(double low, double high) { return low + (high - low) * unit(); }

  bool chance(double probability) { return unit() < probability; }

  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace sunder::nemesis
