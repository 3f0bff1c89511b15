#pragma once
// Which crashed operations a configuration has used: how many of each class. Each such set is kept
// once and known by number; the empty one is number 0.
// Invariant: counts are positive and stand in the order of their classes.

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sunder::checker {

enum class CrashSet : std::uint32_t { empty = 0 };

class CrashSets {
 public:
  CrashSets() : sets_(1) { by_hash_[0].push_back(0); }

  std::uint32_t count(CrashSet set, std::uint32_t crash_class) const {
    for (const auto& [own_class, count] : counts_of(set)) {
      if (own_class == crash_class) return count;
    }
    return 0;
  }

  /// The set with one more of that class.
  CrashSet with(CrashSet set, std::uint32_t crash_class) {
    Counts counts = counts_of(set);
    auto at = counts.begin();
    while (at != counts.end() && at->first < crash_class) ++at;
    if (at != counts.end() && at->first == crash_class) {
      ++at->second;
    } else {
      counts.insert(at, {crash_class, 1});
    }
    return number_of(std::move(counts));
  }

  /// Whether `left` used at most what `right` used.
  bool is_within(CrashSet left, CrashSet right) const {
    if (left == right || left == CrashSet::empty) return true;
    const auto& outer = counts_of(right);
    auto at = outer.begin();
    for (const auto& [crash_class, count] : counts_of(left)) {
      while (at != outer.end() && at->first < crash_class) ++at;
      if (at == outer.end() || at->first != crash_class || at->second < count) return false;
    }
    return true;
  }

  std::size_t memory_bytes() const { return bytes_; }

 private:
  using Counts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  const Counts& counts_of(CrashSet set) const { return sets_[static_cast<std::size_t>(set)]; }

  CrashSet number_of(Counts counts) {
    std::size_t hash = 0;
    for (const auto& [crash_class, count] : counts) {
      hash = (hash ^ (std::size_t{crash_class} << 20) ^ count) * 0x9e3779b97f4a7c15U;
    }
    auto& same_hash = by_hash_[hash];
    for (const auto number : same_hash) {
      if (sets_[number] == counts) return CrashSet{number};
    }
    const auto number = static_cast<std::uint32_t>(sets_.size());
    same_hash.push_back(number);
    bytes_ += counts.size() * sizeof(Counts::value_type) + sizeof(Counts) + 64;
    sets_.push_back(std::move(counts));
    return CrashSet{number};
  }

  std::vector<Counts> sets_;
  std::unordered_map<std::size_t, std::vector<std::uint32_t>> by_hash_;
  std::size_t bytes_ = 0;
};

}  // namespace sunder::checker
