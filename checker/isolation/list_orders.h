#pragma once
// The order of the appends to each list, as the reads show it. The longest list that was read is
// the spine of its key: every other read must be a prefix of it. Appends that nobody read come
// behind it, in an open order. Invariant: only places on which all reads agree are in a spine.
// Where reads disagree, or an element is there twice, the spine ends and the key is `disputed`.
// Surprise: an `info` transaction counts as committed if an ok read saw one of its appends or
// writes.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

constexpr TransactionId nobody = std::numeric_limits<TransactionId>::max();

class ListOrders {
 public:
  explicit ListOrders(const Transactions& transactions);

  bool is_committed(TransactionId id) const { return committed_[id]; }

  std::span<const ValueId> spine(KeyId key) const {
    return std::span(transactions_->elements).subspan(keys_[key].begin, keys_[key].length);
  }
  /// The longest list that was read, disputed places included.
  std::span<const ValueId> longest_read(KeyId key) const {
    return std::span(transactions_->elements).subspan(keys_[key].begin, keys_[key].longest);
  }
  bool is_disputed(KeyId key) const { return keys_[key].disputed; }

  /// Also of registers, and of transactions that failed. `nobody`: the value is garbage.
  TransactionId writer_of(KeyId key, ValueId value) const {
    return writers_[keys_[key].first_value + value - 1];
  }
  /// From 1 on; 0 if it is not in the spine.
  std::uint32_t place_of(KeyId key, ValueId value) const {
    return places_[keys_[key].first_value + value - 1];
  }
  /// Whether its transaction appends to the key, or writes it, once more.
  bool is_intermediate(KeyId key, ValueId value) const {
    return intermediate_[keys_[key].first_value + value - 1];
  }
  /// Whether its transaction appends to the key before.
  bool is_continuation(KeyId key, ValueId value) const {
    return continuations_[keys_[key].first_value + value - 1];
  }
  /// Whether the list is a prefix of the spine.
  bool fits(const Step& read) const;
  /// The committed writer of the first place behind the prefix that has one; else `nobody`.
  TransactionId writer_behind(KeyId key, std::uint32_t length) const {
    const auto& order = keys_[key];
    return length < order.length ? writers_behind_[order.first_place + length] : nobody;
  }
  /// Of the last place that has one.
  TransactionId last_writer(KeyId key) const { return keys_[key].last_writer; }
  /// The committed transactions with appends behind the spine, sorted, each once. Empty if the key
  /// is disputed.
  std::span<const TransactionId> unobserved(KeyId key) const {
    const auto& order = keys_[key];
    return std::span(unobserved_).subspan(order.first_unobserved, order.unobserved_count);
  }
  /// The least key with two or more of them; the number of keys if there is none.
  KeyId first_open_key() const;

 private:
  struct KeyOrder {
    std::uint32_t first_value = 0;
    std::uint32_t first_place = 0;
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
    std::uint32_t longest = 0;
    std::uint32_t first_unobserved = 0;
    std::uint32_t unobserved_count = 0;
    TransactionId last_writer = nobody;
    bool disputed = false;
  };

  void find_longest_reads();
  void find_writers();
  void compare_reads();
  void compare(const Step& read);
  void place_elements();
  void find_committed();
  void find_unobserved();
  void find_writers_behind();

  const Transactions* transactions_;
  std::vector<KeyOrder> keys_;
  std::vector<TransactionId> writers_;
  std::vector<std::uint32_t> places_;
  std::vector<bool> intermediate_;
  std::vector<bool> continuations_;
  std::vector<bool> committed_;
  std::vector<TransactionId> writers_behind_;
  std::vector<TransactionId> unobserved_;
  /// Reads that are no prefix of the longest one: indices in `steps`.
  std::vector<std::uint32_t> misfits_;
};

}  // namespace sunder::checker::isolation
