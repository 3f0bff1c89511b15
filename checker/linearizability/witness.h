#pragma once
// A witness of linearizability: one order in which the operations can have taken effect.
// Invariant: what is written was checked, by the model's own steps: each operation that was
// answered is in the order once, its answer is what the object says there, and no operation stands
// behind one that was invoked after it had returned.

#include <span>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability/erased_model.h"

namespace sunder::checker {

/// The operations of one key and the order of those that took effect.
struct EffectOrder {
  std::vector<const history::Operation*> operations;
  std::vector<const history::Operation*> order;
};

/// What is wrong with the order; empty if it explains all answers.
std::string flaw_of(const EffectOrder& order, const ErasedModel& model, Budget& budget);

/// One order of all keys' operations, one a line:
/// {"position":0,"process":3,"f":"write","key":"a","value":7,"outcome":"ok","state":7}
/// "result" is there if it differs from "value". "state" is that of the key behind the operation. A
/// state of more than 32 elements is only counted.
std::string witness_lines(std::span<const EffectOrder> orders, const ErasedModel& model,
                          Budget& budget);

}  // namespace sunder::checker
