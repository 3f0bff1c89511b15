#pragma once
// A lazy sweep over amounts that are added to accounts, whose reads show all accounts: a bank, or a
// counter of mixed amounts as the only account. The movements between two reads must add up to
// the difference of what they show. A best-first search over the choices that this leaves uses as
// few crashed movements as it can, so that enough are left for later reads.
// Surprise: it does not apply where it found no order and did not try all sums. If many movements
// crashed, most differences are sums of some of them, and to find out that none fits takes
// exponential time.

#include <optional>
#include <span>
#include <vector>

#include "checker/linearizability/fast_answer.h"
#include "checker/objects/timeline.h"

namespace sunder::checker {

/// Of an amount that comes from outside, as a counter's.
constexpr std::uint32_t no_account = UINT32_MAX;
/// Of one movement, so that no sum overflows.
constexpr std::int64_t largest_amount = std::int64_t{1} << 40;

struct Movement {
  std::uint32_t from = no_account;
  std::uint32_t to = 0;
  std::int64_t amount = 0;
  /// It crashed and cannot have happened.
  bool is_impossible = false;
};

struct AmountProblem {
  bool may_be_negative = false;
  /// Absent if they are free.
  std::optional<std::vector<std::int64_t>> first;
  std::vector<std::vector<std::int64_t>> readings;
  std::vector<Movement> movements;
  /// Of an operation, by its place: its number among the reads or the movements.
  std::vector<std::uint32_t> number_of;
};

FastAnswer decide_by_amounts(std::span<const history::Operation* const> operations,
                             const AmountProblem& problem, Budget& budget, Asked asked);

}  // namespace sunder::checker
