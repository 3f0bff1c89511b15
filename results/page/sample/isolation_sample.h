#pragma once
// A made-up account of isolation for tests: a stale read in a transaction, so that every level but
// those of real time stands.

#include "checker/isolation/account.h"

namespace sunder::results {

checker::isolation::Account stale_transaction();

}  // namespace sunder::results
