#pragma once
// Executes transactions one after another and compares each read with the lists and registers as
// they are then.
// It uses nothing but the transactions, so it proves an order whatever found the order.

#include <span>

#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

/// Whether `order` has each committed transaction once, and each ok transaction reads what the ones
/// before it and its own steps left.
bool explains_all_reads(const Transactions& transactions, const ListOrders& orders,
                        std::span<const TransactionId> order);

}  // namespace sunder::checker::isolation
