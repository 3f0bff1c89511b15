#pragma once
// Each level as a problem of orders (order_problem.h): which edges it has, which reads count, and
// which cycles are forbidden. For the levels between read committed and consistent view, some
// orders of versions are *demanded*: a transaction that a read must not miss wrote no later
// version. Surprise: what such a level demands of a read of the initial state is impossible; that
// is a miss.

#include <optional>
#include <vector>

#include "checker/isolation/level.h"
#include "checker/isolation/order_problem.h"
#include "checker/isolation/register_facts.h"
#include "checker/isolation/steps.h"

namespace sunder::checker::isolation {

/// `reader` read a version of the key although `seen` had to be visible to it, so what `seen` wrote
/// is not a later version.
struct Demand {
  KeyId key = 0;
  Node seen = 0;
  /// Who wrote the version that was read; the reader itself if it read the initial state.
  Node writer = 0;
  Node reader = 0;
};

struct LevelProblem {
  OrderProblem problem;
  Forbidden forbidden = Forbidden::any;
  Order order = Order::values;
  /// The edges of kind ww that are demanded.
  std::vector<Demand> demands;
  /// A read of the initial state that missed a write.
  std::optional<Demand> miss;
  /// The steps ran out before all was demanded.
  bool is_incomplete = false;
};

/// Of read committed and all levels above it. `base` has the edges of lists, and the keys whose
/// order is open for all reads.
LevelProblem problem_of(Level level, const RegisterFacts& facts, const OrderProblem& base,
                        Steps& steps);

}  // namespace sunder::checker::isolation
