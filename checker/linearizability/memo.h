#pragma once
// The visited configurations of a search. A configuration is new only if no visited one is the same
// with at most the same crashed operations used: that one leads to every result that this one does.

#include <cstdint>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability/automaton.h"
#include "checker/linearizability/bits.h"
#include "checker/linearizability/crash_sets.h"

namespace sunder::checker {

/// The situation before the event `event`. `used` are the open operations that have taken effect.
/// `hideable` are those of the others that could have taken effect unnoticed, under an overwriter.
template <std::size_t Words>
struct Configuration {
  std::uint32_t event : 31;
  /// An overwriter just made the state, and no operation has observed it yet.
  std::uint32_t unseen : 1;
  StateId state;
  CrashSet crashed;
  Bits<Words> used;
  Bits<Words> hideable;
};

template <std::size_t Words>
class Memo {
 public:
  Memo() : slots_(1024) {}

  /// Stores the configuration and returns true if it is new.
  bool insert(const Configuration<Words>& configuration, const CrashSets& crash_sets,
              Budget& budget) {
    if (2 * (size_ + 1) > slots_.size()) {
      budget.expect(2 * slots_.size() * sizeof(Slot));
      grow();
    }
    Slot& slot = slots_[slot_of(configuration)];
    if (slot.is_free) {
      slot.configuration = configuration;
      slot.is_free = false;
      slot.more = none;
      ++size_;
      return true;
    }
    const CrashSet crashed = configuration.crashed;
    if (crash_sets.is_within(slot.configuration.crashed, crashed)) return false;
    for (auto at = slot.more; at != none; at = more_[at].next) {
      budget.spend();
      if (crash_sets.is_within(more_[at].crashed, crashed)) return false;
    }
    if (more_.size() == more_.capacity()) budget.expect(2 * more_.size() * sizeof(More));
    more_.push_back({crashed, slot.more});
    slot.more = static_cast<std::uint32_t>(more_.size() - 1);
    return true;
  }

  std::size_t memory_bytes() const {
    return slots_.capacity() * sizeof(Slot) + more_.capacity() * sizeof(More);
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Slot {
    Configuration<Words> configuration{};
    /// Further crash sets with the same configuration: a list in `more_`.
    std::uint32_t more = none;
    bool is_free = true;
  };
  struct More {
    CrashSet crashed;
    std::uint32_t next;
  };

  static bool are_alike(const Configuration<Words>& left, const Configuration<Words>& right) {
    return left.event == right.event && left.unseen == right.unseen && left.state == right.state &&
           left.used == right.used && left.hideable == right.hideable;
  }

  std::size_t slot_of(const Configuration<Words>& configuration) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t hash = std::uint64_t{configuration.event} << 33 ^
                         std::uint64_t{configuration.unseen} << 32 ^
                         static_cast<std::uint64_t>(configuration.state);
    hash = configuration.hideable.hash(configuration.used.hash(hash));
    std::size_t slot = hash & mask;
    while (!slots_[slot].is_free && !are_alike(slots_[slot].configuration, configuration)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void grow() {
    const auto old = std::move(slots_);
    slots_.assign(2 * old.size(), Slot{});
    for (const auto& slot : old) {
      if (!slot.is_free) slots_[slot_of(slot.configuration)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::vector<More> more_;
  std::size_t size_ = 0;
};

}  // namespace sunder::checker
