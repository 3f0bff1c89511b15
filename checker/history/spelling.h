#pragma once
// Other names for what the models know: operations such as :Put and :try_acquire, transactions that
// are called :read and :write, micro-operations such as [:write k v] and [:r k]. They are renamed,
// and History::assumptions says so.

#include <string>

#include "checker/history/history.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

/// What we call an operation: as `given` says, or by its usual other names.
std::string our_name(const std::string& theirs, const Names& given);

/// Whether the value is a list of micro-operations.
bool is_transaction(const Value& value);

/// Renames the operations, by `given` first, then by the usual other names if a model of sunder's
/// is to know them.
void rename_operations(History& history, const Names& given, bool by_usual_names);

/// If each operation is a list of micro-operations, calls it txn and its micro-operations "r", "w"
/// and "append", with three members each.
void normalize_transactions(History& history);

}  // namespace sunder::history
