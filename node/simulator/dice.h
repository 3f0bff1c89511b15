#pragma once
// The one source of chance in a simulation.

#include <cstdint>
#include <random>

#include "node/raft/types.h"

namespace sunder::simulator {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `limit` - 1.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  bool percent(std::uint64_t chance) { return below(100) < chance; }
  raft::Time between(raft::Time least, raft::Time most) {
    const auto spread = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + raft::Time(static_cast<raft::Time::rep>(below(spread)));
  }
  template <typename List>
  auto one_of(const List& list) {
    auto at = list.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(below(list.size())));
    return *at;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sunder::simulator
