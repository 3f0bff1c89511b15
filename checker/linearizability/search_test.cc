#include "checker/linearizability/search.h"

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Operation;

bool is_linearizable_by_search(const std::vector<Operation>& operations) {
  std::vector<const Operation*> pointers;
  for (const auto& operation : operations) pointers.push_back(&operation);
  Budget budget;
  ModelAutomaton<Register> automaton{Register{}, budget};
  const auto problem = make_problem(pointers, automaton);
  const auto search = make_search(problem, automaton, automaton.initial());
  Search::Progress progress = Search::Progress::running;
  while (progress == Search::Progress::running) progress = search->run(100);
  return progress == Search::Progress::linearizable;
}

enum class Crashed { stay_open, lapse };

void compare_with_brute_force(int first_seed, Shape shape, Crashed crashed = Crashed::stay_open) {
  int invalid = 0;
  const int histories = differential_histories();
  for (int seed = first_seed; seed < first_seed + histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    shape.operations = 3 + seed % 8;
    shape.clients = 2 + seed % 5;
    auto operations = random_register_history(random, shape);
    if (crashed == Crashed::lapse) let_crashed_lapse(random, operations);
    const bool expected = BruteForce(Register{}, operations).is_linearizable();
    ASSERT_EQ(is_linearizable_by_search(operations), expected)
        << "seed " << seed << ", expected " << expected << "\n"
        << to_text(operations);
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(invalid, histories / 20);
  EXPECT_LT(invalid, histories * 4 / 5);
}

TEST(Search, a_write_that_changes_nothing_may_be_needed_to_hide_another) {
  // write 0 must vanish under the second write 4, which finds a 4, and the cas must follow.
  const history::Value four_to_one = history::List{4, 1};
  EXPECT_TRUE(is_linearizable_by_search(
      {operation_at("write", 4, 0, 1), operation_at("write", 4, 2, -1),
       operation_at("write", 0, 3, 6), operation_at("cas", four_to_one, 4, 5),
       operation_at("read", 1, 7, 8)}));
}

TEST(Search, agrees_with_brute_force_on_unique_values) {
  compare_with_brute_force(0, Shape{});
}

TEST(Search, agrees_with_brute_force_on_two_values) {
  Shape shape;
  shape.domain = 2;
  compare_with_brute_force(1'000'000, shape);
}

TEST(Search, agrees_with_brute_force_on_four_values) {
  Shape shape;
  shape.domain = 4;
  compare_with_brute_force(2'000'000, shape);
}

TEST(Search, agrees_with_brute_force_when_half_the_operations_crash) {
  Shape shape;
  shape.domain = 3;
  shape.crash_percent = 50;
  compare_with_brute_force(3'000'000, shape);
}

TEST(Search, agrees_with_brute_force_when_operations_may_lapse) {
  Shape shape;
  shape.domain = 3;
  shape.crash_percent = 50;
  compare_with_brute_force(4'000'000, shape, Crashed::lapse);
}

}  // namespace
}  // namespace sunder::checker
