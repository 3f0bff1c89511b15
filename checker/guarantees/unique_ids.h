#pragma once
// Ids that a system hands out (operation "generate") must all differ.

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// "unique ids": invalid with the two operations that were answered the same id. Unknown if none
/// was answered, or one without an id.
CheckResult check_unique_ids(const history::History& history, Budget budget);

}  // namespace sunder::checker
