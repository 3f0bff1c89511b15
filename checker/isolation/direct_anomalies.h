#pragma once
// Anomalies of lists that need no cycle: reads of aborted, intermediate or later appends, lists
// that disagree, elements twice or of nobody, and reads that contradict their own transaction.

#include "checker/isolation/anomalies.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

void find_direct_anomalies(const Transactions& transactions, const ListOrders& orders,
                           const Wording& wording, Anomalies& found);

}  // namespace sunder::checker::isolation
