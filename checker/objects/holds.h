#pragma once
// Decides a lock or semaphore whose permits have owners, exactly, in O(n log n). A hold lasts at
// least from the return of its acquire to the invocation of its release. At most as many holds may
// overlap as there are permits. A release whose acquire was never answered needs only one moment.
// The tokens of a fenced lock must grow from hold to hold.
// Surprise: an owner goes on under its name after a crash. Its crashed releases end holds as soon
// as they can; a crashed acquire counts only if a later release needs it.

#include <span>

#include "checker/budget.h"
#include "checker/history/operation.h"
#include "checker/linearizability/fast_answer.h"

namespace sunder::checker {

struct LockRules {
  std::int64_t permits = 1;
  bool has_tokens = false;
};

/// Takes the "acquire" and "release" of one key, sorted by invocation. Ignores void ones. Not
/// applicable if an owner's answered operations overlap, if an operation may lapse at a certain
/// moment, or if the verdict depends on an owner that could have given up a hold and taken it again
/// by crashed operations.
FastAnswer decide_by_holds(std::span<const history::Operation* const> operations,
                           const LockRules& rules, Budget& budget, Asked asked = Asked::verdict);

}  // namespace sunder::checker
