#pragma once
// Transactions in the form that is judged: micro-operations in one array, keys and values as dense
// numbers. Invariant: transactions are sorted by invocation; a value's number belongs to its key,
// and 0 is the initial state (nil, the empty list).
// Surprise: a list that was read is a range of `elements` that others may share, because correct
// reads of a key are prefixes of one list.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/history/history.h"
#include "checker/history/operation.h"

namespace sunder::checker::isolation {

using TransactionId = std::uint32_t;
using KeyId = std::uint32_t;
/// Of one key, from 1 on; 0 is the initial state.
using ValueId = std::uint32_t;
constexpr ValueId initial = 0;
constexpr std::int64_t no_revision = -1;

/// A micro-operation.
struct Step {
  enum class Kind : std::uint8_t {
    append,
    write,
    read_list,
    read_register,
    unanswered_read,  ///< Of a transaction without an answer, or Jepsen's read of nil in it.
  };
  Kind kind = Kind::unanswered_read;
  KeyId key = 0;
  /// append, write, read_register: the value. read_list: where the list begins in `elements`.
  std::uint32_t value = 0;
  /// read_list: how many elements.
  std::uint32_t length = 0;
};

struct Transaction {
  /// Its steps: a range of `steps`.
  std::uint32_t first_step = 0;
  std::uint32_t step_count = 0;
  /// The number of its client, dense from 0 on.
  std::uint32_t process = 0;
  history::Outcome outcome = history::Outcome::info;
  history::Position invoked = 0;
  /// `never` unless it was answered.
  history::Position returned = history::never;
  /// An index in History::operations.
  std::uint32_t operation = 0;
};

struct Key {
  std::string name;
  /// Whether lists or registers: a key is never both.
  bool is_list = false;
  /// The values by their numbers less one.
  std::vector<history::Value> values;
};

struct Transactions {
  std::vector<Transaction> transactions;
  std::vector<Step> steps;
  std::vector<ValueId> elements;
  std::vector<Key> keys;
  /// Of each transaction: Answer::revision, or no_revision. Empty if no answer has one.
  std::vector<std::int64_t> revisions;

  std::span<const Step> steps_of(const Transaction& transaction) const {
    return std::span(steps).subspan(transaction.first_step, transaction.step_count);
  }
  std::span<const ValueId> list_of(const Step& read) const {
    return std::span(elements).subspan(read.value, read.length);
  }
};

/// Of a history of `txn` operations whose values are lists of [f, key, value]: f is "append" and
/// "r" with lists, or "w" and "r" with values. Throws history::AssumptionBroken, naming the line,
/// for other operations, for a value that is written to one key twice, and for a key that is used
/// both ways.
Transactions transactions_of(const history::History& history);

}  // namespace sunder::checker::isolation
