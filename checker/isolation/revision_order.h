#pragma once
// The order of transactions that a system claims: by the revisions, log indices or transaction ids
// of its answers. Executed again, it proves a level in O(transactions) without any search.
// Surprise: a claimed order that explains nothing, or that real time contradicts, breaks no level
// by itself. The values may be right and the number wrong; so it proves nothing, and that is said.

#include <optional>
#include <string>
#include <vector>

#include "checker/isolation/level.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

struct RevisionOrder {
  /// Of all committed transactions. One that was not answered is in front of the first that read
  /// its write.
  std::vector<TransactionId> order;
  /// The strongest level that it proves. Absent if some read does not match.
  std::optional<Level> proves;
  /// Why not strict serializability: "the revisions of the answers put T7 before T3, which had
  /// returned before T7 was invoked".
  std::string contradiction;
};

/// Absent if some ok transaction has no revision.
std::optional<RevisionOrder> revision_order_of(const Transactions& transactions,
                                               const ListOrders& orders);

}  // namespace sunder::checker::isolation
