#pragma once
// Holds an explanation to its promise, by brute force where that can judge.

#include <string>

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/explain.h"
#include "checker/linearizability/random_histories_test.h"

namespace sunder::checker {

/// It is invalid, and valid after any one weakening more.
template <Model M>
void expect_minimal(const Counterexample& counterexample, const std::string& whole,
                    const M& judge = {}) {
  const ErasedModelOf<M> model{judge};
  const auto is_conflict = [&](const Conflict& each) {
    if (!each.from_any_state) return !BruteForce(judge, each.operations).is_linearizable();
    return decide_conflict(each, model, {}) == Validity::invalid;
  };
  Conflict conflict{counterexample.operations, counterexample.from_any_state,
                    counterexample.elements};
  conflict.dequeues_stay = counterexample.dequeues_stay;
  conflict.shortfall = counterexample.shortfall;
  EXPECT_TRUE(is_conflict(conflict))
      << whole << "shown, any state " << conflict.from_any_state << ":\n"
      << to_text(conflict.operations);
  for (std::size_t i = 0; i < conflict.operations.size(); ++i) {
    if (!must_happen(conflict.operations[i])) continue;
    if (conflict.dequeues_stay && is_taking(conflict.operations[i])) continue;
    EXPECT_FALSE(is_conflict(weaken(conflict, i, model))) << M::name << ", operation " << i << "\n"
                                                          << whole;
  }
  EXPECT_FALSE(counterexample.sentence.empty());
}

}  // namespace sunder::checker
