#pragma once
// The judge of the judge of isolation: tries every choice of the unanswered transactions and every
// order of the transactions, for histories of up to six. Each level is defined by an order, never
// by cycles of a graph; the source is named beside each definition in brute_force_test.cc.
// Surprise: where a source leaves a case open, the definition that allows more is taken, so that
// what it forbids is forbidden without doubt.

#include <cstdint>

#include "checker/isolation/level.h"
#include "checker/isolation/small_history_test.h"

namespace sunder::checker::isolation::brute_force_test {

using LevelBits = std::uint64_t;

constexpr LevelBits bit_of(Model model, Order order) {
  return LevelBits{1} << (static_cast<unsigned>(model) * 3 + static_cast<unsigned>(order));
}

/// The levels that allow the history.
class Allowed {
 public:
  explicit Allowed(const small_history_test::SmallHistory& history);

  bool allows(Level level) const { return (bits_ & bit_of(level.model, level.order)) != 0; }

 private:
  LevelBits bits_ = 0;
};

}  // namespace sunder::checker::isolation::brute_force_test
