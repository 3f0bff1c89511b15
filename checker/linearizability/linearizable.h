#pragma once
// The linearizability checker's public function: takes a history and a model, returns a
// CheckResult. If the model is per key, keys are independent objects and are checked in parallel.
// An invalid result has the smallest conflict of the first key that has one. An unknown result says
// how far the check got.

#include <chrono>
#include <cstddef>
#include <string>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/linearizability/erased_model.h"
#include "checker/verdict.h"

namespace sunder::checker {

struct LinearizabilityOptions {
  static constexpr std::chrono::milliseconds usual_time{60'000};
  static constexpr std::size_t usual_memory_bytes = std::size_t{4} << 30;
  /// For deciding and explaining all keys. Its time runs from its construction on.
  Budget budget{usual_time, usual_memory_bytes};
  /// 0: one for each core.
  unsigned threads = 0;
  /// If it is set: gets the lines of a witness (witness.h) if the history is linearizable.
  std::string* witness = nullptr;
};

/// Throws history::AssumptionBroken at an operation that the model does not have.
CheckResult check_linearizability(const history::History& history, const ErasedModel& model,
                                  const LinearizabilityOptions& options = {});

template <Model M>
CheckResult check_linearizability(const history::History& history, const M& model,
                                  const LinearizabilityOptions& options = {}) {
  return check_linearizability(history, ErasedModelOf<M>(model), options);
}

}  // namespace sunder::checker
