#pragma once
// Holds a procedure to its promises on random histories: brute force agrees with the verdict, the
// order explains all answers, the proof is invalid and minimal, and weaker histories of valid ones
// are valid.

#include <string_view>

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/explain_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/linearizability/witness.h"

namespace sunder::checker {

struct Tally {
  int histories = 0;
  /// Decided by another procedure than the search.
  int fast = 0;
  int invalid = 0;
};

/// A history that is too long for brute force is valid by this procedure, and its order explains
/// all answers.
template <Model M>
void expect_explained(const std::vector<history::Operation>& operations, const M& judge,
                      std::string_view procedure) {
  const ErasedModelOf<M> model{judge};
  const auto pointers = pointers_to(operations);
  const auto decision = decide(pointers, model, {}, Asked::order);
  ASSERT_EQ(decision.validity, Validity::valid);
  EXPECT_EQ(decision.procedure, procedure);
  ASSERT_TRUE(decision.order.has_value());
  EffectOrder order{pointers, {}};
  for (const auto place : *decision.order) order.order.push_back(pointers[place]);
  Budget budget;
  EXPECT_EQ(flaw_of(order, model, budget), "");
}

/// `make(random, seed)` makes the operations of one object.
template <Model M, typename Make>
class Differential {
 public:
  Differential(M judge, Make make) : judge_(judge), model_(judge), make_(std::move(make)) {}

  Tally compare(int histories) {
    for (int seed = 0; seed < histories && !testing::Test::HasFatalFailure(); ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      compare_one(random, seed);
    }
    return tally_;
  }

 private:
  using Operations = std::vector<history::Operation>;

  void compare_one(Random& random, int seed) {
    auto operations = make_(random, seed);
    const auto pointers = pointers_to(operations);
    const auto decision = decide(pointers, model_, {}, Asked::order);
    const bool expected = BruteForce(judge_, operations).is_linearizable();
    const auto text = fmt::format("{}, seed {}, by {}\n{}", M::name, seed, decision.procedure,
                                  to_text(operations));
    ASSERT_EQ(decision.validity, expected ? Validity::valid : Validity::invalid) << text;
    ++tally_.histories;
    tally_.fast += decision.procedure == "search" ? 0 : 1;
    if (!expected) {
      ++tally_.invalid;
      expect_minimal<M>(explain(decision.conflict, model_, {}), text, judge_);
      return;
    }
    ASSERT_TRUE(decision.order.has_value()) << text;
    EffectOrder order{pointers, {}};
    for (const auto place : *decision.order) order.order.push_back(pointers[place]);
    Budget budget;
    EXPECT_EQ(flaw_of(order, model_, budget), "") << text;
    expect_weaker_is_valid(random, std::move(operations), text);
  }

  void expect_weaker_is_valid(Random& random, Operations operations, const std::string& text) {
    auto& weaker =
        operations[static_cast<std::size_t>(random.below(static_cast<int>(operations.size())))];
    if (weaker.outcome == history::Outcome::ok) {
      weaker.outcome = history::Outcome::info;
      weaker.returned = history::never;
      weaker.result = weaker.argument;
    }
    for (auto& each : operations) {
      each.process = history::ProcessId{static_cast<std::int64_t>(each.process) * 3 + 7};
    }
    EXPECT_EQ(decide(pointers_to(operations), model_, {}).validity, Validity::valid)
        << text << "with an ok made info:\n"
        << to_text(operations);
  }

  M judge_;
  ErasedModelOf<M> model_;
  Make make_;
  Tally tally_;
};

}  // namespace sunder::checker
