#pragma once
// The one face of the linearizability checker: a history and a model in, a CheckResult out.
// Keys are objects of their own where the model says so, and are decided in parallel. An invalid
// result comes with the smallest conflict of the first key that has one; an unknown one says how
// far the check got.

#include <chrono>
#include <cstddef>

#include "checker/history/history.h"
#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct LinearizabilityOptions {
  std::chrono::milliseconds timeout{60'000};
  std::size_t memory_bytes = std::size_t{4} << 30;
  /// 0 for as many as there are cores.
  unsigned threads = 0;
};

/// Throws history::AssumptionBroken at an operation that is foreign to the model.
CheckResult check_linearizability(const history::History& history, const ErasedModel& model,
                                  const LinearizabilityOptions& options = {});

template <Model M>
CheckResult check_linearizability(const history::History& history, const M& model,
                                  const LinearizabilityOptions& options = {}) {
  return check_linearizability(history, ErasedModelOf<M>(model), options);
}

}  // namespace sunder::checker
