#pragma once
// Other names for what the models know: operations such as :Put and :try_acquire, transactions that
// are called :read and :write, micro-operations such as [:write k v] and [:r k]. They are renamed,
// and History::assumptions says so.

#include <map>
#include <string>

#include "checker/history/history.h"

namespace sunder::history {

/// Names of the file to names of sunder: {"Put", "write"}.
using Names = std::map<std::string, std::string, std::less<>>;

/// Renames the operations, by `given` first, then by the usual other names.
void rename_operations(History& history, const Names& given);

/// If each operation is a list of micro-operations, calls it txn and its micro-operations "r", "w"
/// and "append", with three members each.
void normalize_transactions(History& history);

}  // namespace sunder::history
