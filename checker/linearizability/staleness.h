#pragma once
// How stale reads are. A read of a register or kv is stale if its value had certainly been
// overwritten: every write of that value had returned before another ok write was invoked, and that
// one returned before the read was invoked. Its age is the time from the first such return to the
// read's invocation; its writes are the ok writes that came in between.
// Invariant: a stale read contradicts linearizability; both figures are lower bounds.

#include <optional>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct StaleRead {
  const history::Operation* read;
  Stale stale;
};

/// Of one key, sorted by invocation. Empty if there are other operations than read, write and cas.
std::vector<StaleRead> stale_reads(std::span<const history::Operation* const> operations,
                                   const history::Value& initial, Budget& budget);

/// Absent if none is stale.
std::optional<Staleness> staleness_of(std::vector<StaleRead> reads);

/// "stale by 12.3 ms and 4 writes"; without the time if the history has none.
std::string text_of(const Stale& stale);

}  // namespace sunder::checker
