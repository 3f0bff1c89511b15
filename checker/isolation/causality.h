#pragma once
// Causal consistency of one component: no read misses a version whose writer is before the reader
// by the order of clients and by what was read, in any number of steps. Vector clocks over the
// clients, some of them at a time: O(transactions * clients).

#include "checker/budget.h"
#include "checker/isolation/anomalies.h"
#include "checker/isolation/component.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

/// Adds nothing if clients and reads have cycles by themselves: they are found as G1c-process.
void find_causality_violations(const Component& component, const Transactions& transactions,
                               const ListOrders& orders, const Wording& wording, Budget& budget,
                               Anomalies& found);

}  // namespace sunder::checker::isolation
