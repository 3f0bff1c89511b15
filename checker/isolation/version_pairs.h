#pragma once
// What is known of the order of each two versions of a key. Versions are numbers over all keys: a
// key's are consecutive, in the order of their writers. Invariant: at the level of real time, only
// pairs whose writers overlap are stored; of the others, time says the order.
// Surprise: each order remembers the round of the propagation that found it, so that the reason can
// be searched again among what was known before.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/isolation/level.h"
#include "checker/isolation/order_problem.h"

namespace sunder::checker::isolation {

using Version = std::uint32_t;

class VersionPairs {
 public:
  /// Rounds beyond this one are remembered as this one.
  static constexpr std::uint32_t last_round = 0x3fff;

  /// The problem must outlive it.
  VersionPairs(const OrderProblem& problem, Order order);
  /// Only the versions: nothing can be asked about pairs.
  explicit VersionPairs(const OrderProblem& problem);
  /// How many pairs it would store.
  static std::uint64_t count_of(const OrderProblem& problem, Order order);

  const OrderProblem& problem() const { return *problem_; }
  /// Whether time says the order of writers that do not overlap.
  bool are_by_time() const { return by_time_; }
  std::size_t versions() const { return writers_.size(); }
  Node writer(Version version) const { return writers_[version]; }
  /// An index in OrderProblem::keys.
  std::uint32_t key(Version version) const { return keys_[version]; }
  Version first_of_key(std::uint32_t key) const { return first_of_key_[key]; }
  Version end_of_key(std::uint32_t key) const { return first_of_key_[key + 1]; }
  std::span<const Node> readers(Version version) const {
    const std::uint32_t of = keys_[version];
    return problem_->keys[of].readers_of(version - first_of_key_[of]);
  }

  /// The stored partners of a version that are behind it: the next ones, so many.
  std::uint32_t partners(Version version) const {
    return static_cast<std::uint32_t>(first_cell_[version + 1] - first_cell_[version]);
  }
  /// No stored partner is before this one.
  Version first_partner(Version version) const { return first_partner_[version]; }

  bool is_open(Version left, Version right) const {
    if (left > right) std::swap(left, right);
    return is_stored(left, right) && cell(left, right) == unknown;
  }
  /// With how many others its order is open.
  std::uint32_t open_partners(Version version) const { return open_of_[version]; }
  /// Of one key. At most one of is_before(a, b) and is_before(b, a) is true.
  bool is_before(Version left, Version right) const { return is_before(left, right, last_round); }
  /// The same, from rounds up to `round` only.
  bool is_before(Version left, Version right, std::uint32_t round) const {
    const bool in_order = left < right;
    const Version first = in_order ? left : right;
    const Version second = in_order ? right : left;
    if (!is_stored(first, second)) return in_order;
    const std::uint16_t found = cell(first, second);
    return (found & 3U) == (in_order ? first_is_before : second_is_before) &&
           (found >> 2U) <= round;
  }
  /// Whether the pair is stored. `left` is the smaller one.
  bool is_stored(Version left, Version right) const {
    return left != right && right - left <= partners(left);
  }
  /// When it became known. 0: from the start.
  std::uint32_t round_of(Version left, Version right) const;
  /// Of a stored pair, in the place of what was known of it.
  void put_before(Version left, Version right, std::uint32_t round);
  std::uint64_t open() const { return open_; }

  /// The versions that are directly behind it, by what is known: all others behind it are behind
  /// one of them.
  std::vector<Version> successors(Version version, std::uint32_t round) const;
  /// The same, found again only for versions that put_before() has changed.
  const std::vector<std::vector<Version>>& all_successors();

 private:
  /// In the two lowest bits; the round is above them.
  enum : std::uint16_t { unknown = 0, first_is_before = 1, second_is_before = 2 };

  void find_successors(Version version, std::uint32_t round, std::vector<Version>& found) const;
  void take_back(Version earlier, Version later);

  const std::uint16_t& cell(Version left, Version right) const {
    return cells_[first_cell_[left] + (right - left - 1)];
  }

  const OrderProblem* problem_;
  bool by_time_ = false;
  std::vector<Node> writers_;
  std::vector<std::uint32_t> keys_;
  std::vector<Version> first_of_key_;
  std::vector<std::uint64_t> first_cell_;
  std::vector<Version> first_partner_;
  std::vector<std::uint16_t> cells_;
  std::uint64_t open_ = 0;
  std::vector<std::uint32_t> open_of_;
  std::vector<std::vector<Version>> successors_;
  std::vector<std::uint8_t> is_changed_;
};

}  // namespace sunder::checker::isolation
