#pragma once
// Reads transactions straight from sunder's own lines, without a tree of values for each: several
// times as fast as by way of a whole History. Invariant: the transactions are those that
// transactions_of() makes of the History of the same file, but for the numbers of keys and values.
// Surprise: it answers nothing for a file that holds anything else, or that must be refused. The
// general way reads such a file, or says why not.

#include <filesystem>
#include <optional>
#include <vector>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

struct TransactionLines {
  /// As read_foreign_history() gives it, but without operations.
  history::History history;
  Transactions transactions;
  /// Of each transaction.
  std::vector<history::Time> invoked_at;
  std::vector<history::Time> returned_at;
  /// The clients by their numbers.
  std::vector<history::ProcessId> processes;

  /// Those of the history, without values and answers. They take more memory than all the rest.
  std::vector<history::Operation> operations() const;
};

/// Of a file, not of a pipe. Throws BudgetSpent.
std::optional<TransactionLines> read_transaction_lines(const std::filesystem::path& path,
                                                       Budget& budget);

}  // namespace sunder::checker::isolation
