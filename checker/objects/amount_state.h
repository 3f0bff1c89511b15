#pragma once
// What a search over amounts knows at one point: the balances, and which open operations took
// effect. Of crashed movements that are alike it counts how many took effect: they do so in the
// order of their invocations.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "checker/objects/amount_sweep.h"

namespace sunder::checker {

using Amounts = std::vector<std::int64_t>;

/// Open operations, by their slots.
class OpenMask {
 public:
  static constexpr std::size_t slots = 256;
  bool has(std::uint32_t slot) const { return (words_[slot / 64] >> slot % 64 & 1) != 0; }
  void put(std::uint32_t slot) { words_[slot / 64] |= std::uint64_t{1} << slot % 64; }
  void remove(std::uint32_t slot) { words_[slot / 64] &= ~(std::uint64_t{1} << slot % 64); }

 private:
  std::array<std::uint64_t, slots / 64> words_{};
};

struct AmountState {
  bool is_known = false;
  /// If they are not known: how they changed since the beginning, and the least change so far.
  Amounts balances;
  Amounts lowest;
  /// Of open operations that return.
  OpenMask done;
  /// Of each kind of crashed movements.
  std::shared_ptr<const std::vector<std::uint32_t>> used;
  std::uint32_t crashed_used = 0;
};

struct CrashedKind {
  Movement movement;
  std::vector<Place> places;
};

/// The crashed movements, by kind. Without those that cannot have happened or change nothing.
class CrashedMovements {
 public:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::int64_t>;
  static Key key_of(const Movement& each) { return {each.from, each.to, each.amount}; }

  CrashedMovements(std::span<const history::Operation* const> operations,
                   const AmountProblem& problem);

  const CrashedKind& kind(std::size_t number) const { return kinds_[number]; }
  std::size_t kinds() const { return kinds_.size(); }
  std::size_t count() const { return from_.size(); }
  /// Null if there is none.
  const std::size_t* number_of(const Key& key) const {
    const auto found = numbers_.find(key);
    return found == numbers_.end() ? nullptr : &found->second;
  }
  /// The kinds that change the account.
  const std::vector<std::size_t>& of_account(std::size_t account) const {
    return of_account_[account];
  }
  std::size_t invoked_by(history::Position now) const;

 private:
  std::vector<CrashedKind> kinds_;
  std::map<Key, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> of_account_;
  /// The invocations, sorted.
  std::vector<history::Position> from_;
};

inline void apply(const Movement& each, Amounts& balances, std::int64_t sign = 1) {
  if (each.from != no_account) balances[each.from] -= sign * each.amount;
  balances[each.to] += sign * each.amount;
}

}  // namespace sunder::checker
