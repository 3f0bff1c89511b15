#pragma once
// Anomalies of registers that need no cycle: reads of aborted, intermediate or later writes, values
// of nobody, reads that contradict their own transaction, and lost updates.

#include "checker/isolation/anomalies.h"
#include "checker/isolation/list_orders.h"
#include "checker/isolation/register_facts.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

void find_register_anomalies(const Transactions& transactions, const ListOrders& orders,
                             const RegisterFacts& facts, const Wording& wording, Anomalies& found);

}  // namespace sunder::checker::isolation
