#pragma once
// Stores that are correct at one isolation level by construction, and weaker than the next one.
// They run clients' transactions step by step, so that transactions overlap, and record the
// history. The same seed gives the same history everywhere.

#include <vector>

#include "checker/isolation/level.h"
#include "checker/isolation/small_history_test.h"
#include "checker/linearizability/random_histories_test.h"

namespace sunder::checker::isolation::stores_test {

enum class Store {
  strict,            ///< One transaction after the other.
  session_replica,   ///< Read-only ones read a replica that has what their client has seen.
  replica,           ///< Read-only ones read a replica that lags behind.
  snapshot,          ///< Reads of a snapshot; the first committer wins.
  repeatable_read,   ///< Reads of a snapshot, writes over whatever stands there, as in MySQL.
  read_committed,    ///< Each read sees what is committed by then.
  read_uncommitted,  ///< Writes in place, with locks; reads without.
};
constexpr std::vector<Store>::size_type store_count = 7;

enum class Kind { lists, registers, mixed };

struct PlayShape {
  int transactions = 30;
  int clients = 3;
  /// In use at one time. A key is retired after so many writes.
  int keys = 2;
  int writes_per_key = 20;
  /// Of a transaction, at most.
  int steps = 4;
  Kind kind = Kind::lists;
  int fail_percent = 5;
  int info_percent = 5;
};

small_history_test::SmallHistory play(Random& random, Store store, const PlayShape& shape);

/// What the store gives at least.
std::vector<Level> levels_given_by(Store store);
/// What it does not give: long histories with few keys show each of them.
std::vector<Level> levels_broken_by(Store store);
const char* name_of(Store store);

}  // namespace sunder::checker::isolation::stores_test
