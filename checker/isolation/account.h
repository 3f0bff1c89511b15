#pragma once
// What is said of a history's isolation, for people and scripts: the finding on each level, and
// each anomaly with its transactions, their micro-operations as text. It needs no history beside
// it: verdict.json, the page and the terminal are made from it. Surprise: texts are cut for people,
// and only micro-operations on the keys of the proof are among them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/operation.h"
#include "checker/isolation/level.h"

namespace sunder::checker::isolation {

/// Why a transaction is before another one.
enum class EdgeKind : std::uint8_t {
  ww,         ///< It wrote the version before the other's.
  wr,         ///< The other one read its write.
  rw,         ///< It read the version before the other's.
  process,    ///< The same client ran it earlier.
  real_time,  ///< It had returned before the other one was invoked.
};
/// "ww", "process", "realtime".
std::string_view name_of(EdgeKind kind);

enum class Finding : std::uint8_t {
  proved,         ///< An order was executed again, or the procedure is exact and found nothing.
  not_ruled_out,  ///< Nothing was found, by a procedure that may miss something, or not to its end.
  ruled_out,
};
/// "proved", "not ruled out", "ruled out".
std::string_view name_of(Finding finding);

struct LevelFinding {
  Level level;
  Finding finding = Finding::not_ruled_out;
  /// ruled_out: an index in `anomalies`.
  std::size_t anomaly = 0;
  /// not_ruled_out: why not more is known. "the order of 3 writes of key 7 is open".
  std::string open;
};

/// "T701": the transaction's place among all of the history, by invocation, from 1 on.
std::string transaction_name(std::uint32_t transaction);

struct ShownTransaction {
  /// "T701"
  std::string name;
  /// ProcessId::nemesis if the history does not name its client.
  history::ProcessId process{0};
  history::Outcome outcome = history::Outcome::info;
  history::Position invoked = 0;
  history::Position returned = history::never;
  history::Time invoked_at{0};
  history::Time returned_at{0};
  /// "append x 1", "r x → [… 4, 5]"; those on the keys of the anomaly.
  std::vector<std::string> steps;
  /// How many others it has.
  std::size_t steps_left_out = 0;
};

struct ShownEdge {
  EdgeKind kind = EdgeKind::ww;
  /// Indices in the anomaly's `transactions`.
  std::size_t from = 0;
  std::size_t to = 0;
  /// Of ww, wr, rw.
  std::string key;
  std::string reason;
};

struct ShownAnomaly {
  /// Elle's name.
  std::string name;
  std::vector<Level> rules_out;
  std::string sentence;
  /// In the order of the cycle; without one, by invocation.
  std::vector<ShownTransaction> transactions;
  /// Each edge ends where the next one begins, the last one where the first begins.
  std::vector<ShownEdge> cycle;
};

struct AnomalyCount {
  std::string anomaly;
  std::string key;
  std::size_t count = 0;
};

struct Account {
  Level claimed;
  /// How many were judged.
  std::size_t transactions = 0;
  /// For each of all_levels().
  std::vector<LevelFinding> levels;
  /// Those that break the weakest levels first.
  std::vector<ShownAnomaly> anomalies;
  std::vector<AnomalyCount> counts;
  /// The strongest levels that are not ruled out.
  std::vector<Level> strongest;
};

/// Null if the account has none.
const LevelFinding* finding_on(Level level, const Account& account);

}  // namespace sunder::checker::isolation
