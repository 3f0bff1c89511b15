#pragma once
// What a search may cost, in steps that mean the same on each machine, so that its answer does too.
// Surprise: the time and memory of the whole check are looked at besides, and throw BudgetSpent.

#include <cstdint>

#include "checker/budget.h"

namespace sunder::checker::isolation {

class Steps {
 public:
  Steps(std::uint64_t most, Budget budget) : left_(most), budget_(budget) {}

  /// False if there are no more left afterwards.
  bool spend(std::uint64_t steps) {
    budget_.spend(steps);
    left_ -= steps < left_ ? steps : left_;
    return left_ > 0;
  }
  bool are_left() const { return left_ > 0; }

 private:
  std::uint64_t left_;
  Budget budget_;
};

}  // namespace sunder::checker::isolation
