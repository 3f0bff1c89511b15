#pragma once
// What every read of a bank must hold by itself, in linear time: all accounts, the total, and no
// balance below 0. A violation of these is a proof of one or two reads.
// Surprise: it only says no. Whether the balances fit the transfers is left to the search.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"
#include "checker/models/bank.h"

namespace sunder::checker {

/// Takes the operations of one bank, sorted by invocation. Not applicable if every read holds.
FastAnswer decide_by_balances(std::span<const history::Operation* const> operations,
                              const Bank& bank, Budget& budget);

}  // namespace sunder::checker
