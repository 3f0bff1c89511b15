#pragma once
// The crashed operations that a configuration has used: how many of each class. Each such set is
// stored once and has a number; the empty set is number 0.
// Invariant: counts are positive and sorted by class.

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sunder::checker {

enum class CrashSet : std::uint32_t { empty = 0 };

class CrashSets {
 public:
  /// The counts by class. Valid until the next set is made.
  using Counts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  const Counts& counts(CrashSet set) const { return sets_[static_cast<std::size_t>(set)]; }

  CrashSets() : sets_(1) { by_hash_[0].push_back(0); }

  std::uint32_t count(CrashSet set, std::uint32_t crash_class) const {
    for (const auto& [own_class, count] : counts(set)) {
      if (own_class == crash_class) return count;
    }
    return 0;
  }

  /// The set with one more of that class.
  CrashSet with(CrashSet set, std::uint32_t crash_class) {
    Counts larger = counts(set);
    auto at = larger.begin();
    while (at != larger.end() && at->first < crash_class) ++at;
    if (at != larger.end() && at->first == crash_class) {
      ++at->second;
    } else {
      larger.insert(at, {crash_class, 1});
    }
    return number_of(std::move(larger));
  }

  /// Whether `left` used at most what `right` used.
  bool is_within(CrashSet left, CrashSet right) const {
    if (left == right || left == CrashSet::empty) return true;
    const auto& outer = counts(right);
    auto at = outer.begin();
    for (const auto& [crash_class, count] : counts(left)) {
      while (at != outer.end() && at->first < crash_class) ++at;
      if (at == outer.end() || at->first != crash_class || at->second < count) return false;
    }
    return true;
  }

  std::size_t memory_bytes() const { return bytes_; }

 private:
  CrashSet number_of(Counts set) {
    std::size_t hash = 0;
    for (const auto& [crash_class, count] : set) {
      hash = (hash ^ (std::size_t{crash_class} << 20) ^ count) * 0x9e3779b97f4a7c15U;
    }
    auto& same_hash = by_hash_[hash];
    for (const auto number : same_hash) {
      if (sets_[number] == set) return CrashSet{number};
    }
    const auto number = static_cast<std::uint32_t>(sets_.size());
    same_hash.push_back(number);
    bytes_ += set.size() * sizeof(Counts::value_type) + sizeof(Counts) + 64;
    sets_.push_back(std::move(set));
    return CrashSet{number};
  }

  std::vector<Counts> sets_;
  std::unordered_map<std::size_t, std::vector<std::uint32_t>> by_hash_;
  std::size_t bytes_ = 0;
};

}  // namespace sunder::checker
