#pragma once
// Cursor stability where the order of appends that nobody read is open: a transaction that read the
// whole list and appended to it must be directly behind what it read, so it is in front of the
// other such appends. Invariant: if these orders, ww and wr have no cycle, cursor stability holds
// as far as they are concerned.

#include "checker/isolation/anomalies.h"
#include "checker/isolation/component.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

void find_open_cursors(const Component& component, const Transactions& transactions,
                       const ListOrders& orders, const Wording& wording, Anomalies& found);

}  // namespace sunder::checker::isolation
