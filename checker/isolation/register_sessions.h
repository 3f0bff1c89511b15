#pragma once
// The session guarantees of registers, of each key by itself: whether there is an order of its
// versions in which no client goes back. What a client read and wrote makes edges between versions;
// a guarantee is broken if they have a cycle.
// Surprise: whether an unanswered transaction committed, and whether a read of an own write counts,
// is open to interpretation. A guarantee is broken, or kept, only if it is so in both.

#include <optional>
#include <vector>

#include "checker/isolation/anomalies.h"
#include "checker/isolation/register_facts.h"
#include "checker/isolation/transactions.h"
#include "checker/isolation/wording.h"

namespace sunder::checker::isolation {

/// Adds what is broken, and returns the levels that are kept.
std::vector<Level> judge_register_sessions(const Transactions& transactions,
                                           const ListOrders& orders, const RegisterFacts& facts,
                                           const Wording& wording, Anomalies& found);

}  // namespace sunder::checker::isolation
