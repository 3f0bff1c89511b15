#pragma once
// Judges transactions by isolation levels: infers the order that their values show, looks for what
// each level forbids, and proves levels by executing a witness order again. Definitions are those
// of Adya (1999), and of Cerone and Gotsman for what Adya does not define.
// Surprise: a level has three answers. "Not ruled out" says that nothing was found and that the
// procedure would not find everything.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/isolation/account.h"
#include "checker/isolation/level.h"
#include "checker/isolation/transactions.h"
#include "checker/verdict.h"

namespace sunder::checker::isolation {

struct Edge {
  EdgeKind kind = EdgeKind::ww;
  TransactionId from = 0;
  TransactionId to = 0;
  KeyId key = 0;  ///< Of ww, wr, rw.
  /// For people: "T701's read of [] at key 34 did not see T692's append of 1".
  std::string reason;
};

/// Something that a level forbids.
struct Anomaly {
  /// Elle's name: "G-single-realtime", "lost-update", "internal".
  std::string name;
  /// The weakest levels that it rules out; those that imply one of them are ruled out too.
  std::vector<Level> rules_out;
  /// Each edge ends where the next one begins. Empty if single transactions show it.
  std::vector<Edge> cycle;
  /// Those that show it, sorted, each once.
  std::vector<TransactionId> transactions;
  /// The whole proof in one sentence.
  std::string sentence;
};

struct IsolationReport {
  /// For each of all_levels(), in that order.
  std::vector<LevelFinding> levels;
  /// The smallest of each name, the ones that break the weakest levels first.
  std::vector<Anomaly> anomalies;
  /// How many were found of each name and key, the shown one included.
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  /// The strongest levels that are not ruled out: those that no other such level implies.
  std::vector<Level> strongest;
};

struct IsolationOptions {
  Budget budget;
  /// 0: one for each core.
  unsigned threads = 0;
};

IsolationReport find_isolation(const history::History& history, const Transactions& transactions,
                               const IsolationOptions& options = {});

/// What is shown of a report. The history and the transactions are those that it is about.
Account account_of(const history::History& history, const Transactions& transactions,
                   const IsolationReport& report, Level claimed);

/// "isolation": invalid if the claimed level is ruled out, valid if it is proved, else unknown.
CheckResult result_of(Account account);

/// Both, of what find_isolation() finds. Throws history::AssumptionBroken for histories that are
/// none of transactions.
CheckResult check_isolation(const history::History& history, Level claimed,
                            const IsolationOptions& options = {});

}  // namespace sunder::checker::isolation
