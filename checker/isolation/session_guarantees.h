#pragma once
// The guarantees of sessions, of each key by itself: what a client read and wrote is in front of
// what it reads and writes later. Only ok transactions are in an order; reads of versions that
// never committed count, as these guarantees do not forbid them.

#include <span>

#include "checker/isolation/anomalies.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

/// `suspects` are sorted: transactions that are on cycles. No others break a guarantee.
void find_broken_sessions(const Transactions& transactions, const ListOrders& orders,
                          std::span<const TransactionId> suspects, const Wording& wording,
                          Anomalies& found);

}  // namespace sunder::checker::isolation
