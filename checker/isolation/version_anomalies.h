#pragma once
// Anomalies of the versions that single transactions read: lost updates, writes that are not
// directly behind the version that was read, and reads that saw another transaction by half.
// Invariant: each of them is also a cycle of values, so only transactions that are on cycles are
// looked at.

#include <span>

#include "checker/isolation/anomalies.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

struct VersionAnomalies {
  /// Whether cursor stability depends on the open order of appends that nobody read.
  bool cursors_are_open = false;
};

/// `suspects` are sorted.
VersionAnomalies find_version_anomalies(const Transactions& transactions, const ListOrders& orders,
                                        std::span<const TransactionId> suspects,
                                        const Wording& wording, Anomalies& found);

}  // namespace sunder::checker::isolation
