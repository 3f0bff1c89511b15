#include "checker/linearizability/search.h"

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Operation;

bool is_linearizable_by_search(const std::vector<Operation>& operations) {
  std::vector<const Operation*> pointers;
  for (const auto& operation : operations) pointers.push_back(&operation);
  ModelAutomaton<Register> automaton{Register{}};
  const auto problem = make_problem(pointers, automaton);
  const auto search = make_search(problem, automaton, automaton.initial());
  Search::Progress progress = Search::Progress::running;
  while (progress == Search::Progress::running) progress = search->run(100);
  return progress == Search::Progress::linearizable;
}

void compare_with_brute_force(int first_seed, int histories, Shape shape) {
  int invalid = 0;
  for (int seed = first_seed; seed < first_seed + histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    shape.operations = 3 + seed % 7;
    shape.clients = 2 + seed % 4;
    const auto operations = random_register_history(random, shape);
    const bool expected = BruteForce(Register{}, operations).is_linearizable();
    ASSERT_EQ(is_linearizable_by_search(operations), expected)
        << "seed " << seed << ", expected " << expected << "\n"
        << to_text(operations);
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(invalid, histories / 20);
  EXPECT_LT(invalid, histories * 4 / 5);
}

TEST(Search, agrees_with_brute_force_on_unique_values) {
  compare_with_brute_force(0, 20'000, Shape{});
}

TEST(Search, agrees_with_brute_force_on_two_values) {
  Shape shape;
  shape.domain = 2;
  compare_with_brute_force(1'000'000, 20'000, shape);
}

TEST(Search, agrees_with_brute_force_on_four_values) {
  Shape shape;
  shape.domain = 4;
  compare_with_brute_force(2'000'000, 20'000, shape);
}

TEST(Search, agrees_with_brute_force_when_half_the_operations_crash) {
  Shape shape;
  shape.domain = 3;
  shape.crash_percent = 50;
  compare_with_brute_force(3'000'000, 20'000, shape);
}

}  // namespace
}  // namespace sunder::checker
