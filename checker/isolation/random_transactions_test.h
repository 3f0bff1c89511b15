#pragma once
// Small random histories of transactions, the same for the same seed everywhere: of stores that are
// weak on purpose, then spoiled; and garbage, in which reads are made up.

#include "checker/isolation/small_history_test.h"
#include "checker/isolation/stores_test.h"
#include "checker/linearizability/random_histories_test.h"

namespace sunder::checker::isolation::random_transactions_test {

/// Two to six transactions, one to three keys and clients, up to 40 % unanswered.
small_history_test::SmallHistory random_transactions(Random& random, stores_test::Kind kind);

}  // namespace sunder::checker::isolation::random_transactions_test
