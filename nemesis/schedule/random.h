#pragma once
// A small seeded generator (SplitMix64). A seed must give the same schedule with every compiler and
// library; the standard library's distributions do not promise that.

#include <chrono>
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

  /// Whole milliseconds; `low` and `high` are milliseconds.
  std::chrono::milliseconds milliseconds_between(double low, double high) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(between(low, high)));
  }

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
