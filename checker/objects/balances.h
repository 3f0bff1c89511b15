#pragma once
// Decides a bank. First what every read must hold by itself: all accounts, the total, and no
// balance below 0; a violation of these is a proof of one or two reads. Then a lazy sweep over the
// transfers: those between two reads must add up to the difference of the balances. Surprise: its
// yes is always right, and so is its no. It does not apply where it did not try all sums: if many
// transfers crashed, most differences are sums of some of them.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"
#include "checker/models/bank.h"

namespace sunder::checker {

/// Takes the operations of one bank, sorted by invocation. Not applicable if nothing was read, if a
/// transfer is of accounts that no read has, if an operation may lapse at a certain moment, or if
/// not everything was tried.
FastAnswer decide_by_balances(std::span<const history::Operation* const> operations,
                              const Bank& bank, Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
