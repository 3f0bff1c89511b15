// The engine against brute force on random histories: nothing is falsely ruled out, nothing falsely
// proved, and no more is missed than docs/isolation.md admits.

#include <array>
#include <iostream>

#include <gtest/gtest.h>

#include "checker/isolation/comparison_test.h"
#include "checker/isolation/stores_test.h"
#include "checker/linearizability/random_histories_test.h"

namespace sunder::checker::isolation::differential_test {

namespace {

using comparison_test::Sum;
using stores_test::Kind;

constexpr std::array session_guarantees = {Model::monotonic_reads, Model::monotonic_writes,
                                           Model::read_your_writes, Model::writes_follow_reads,
                                           Model::pram};

/// For people who run a million of them.
void print(const Sum& sum) {
  if (sum.histories <= 10'000) return;
  std::cout << sum.histories << " histories, levels proved " << sum.proved << '\n';
  for (const auto& [level, count] : sum.ruled_out) {
    std::cout << "  " << name_of(level) << ": ruled out " << count;
    if (const auto missed = sum.missed.find(level); missed != sum.missed.end()) {
      std::cout << ", missed " << missed->second;
    }
    std::cout << '\n';
  }
}

using Bounds = std::map<Level, double>;

/// Of the violations that brute force finds, so many at most are missed. At all levels that are not
/// named: none.
void expect_agreement(Kind kind, const Bounds& most_missed, Model weakest_ruled_out) {
  const auto sum =
      comparison_test::compare_many(differential_histories(), static_cast<int>(kind), most_missed);
  print(sum);
  EXPECT_GT(sum.proved, sum.histories);
  for (const auto level : all_levels()) {
    if (level.model < weakest_ruled_out) continue;
    EXPECT_GT(sum.ruled_out.count(level), 0U) << name_of(level);
  }
}

Bounds all_orders(Model model, double most) {
  return {{{model, Order::values}, most},
          {{model, Order::session}, most},
          {{model, Order::real_time}, most}};
}

/// Reads that may be dirty leave orders open that brute force decides.
Bounds bounds_of_lists() {
  auto bounds = all_orders(Model::read_uncommitted, 0.35);
  for (const auto model : session_guarantees) bounds[{model, Order::values}] = 0.15;
  bounds[{Model::cursor_stability, Order::values}] = 0.03;
  return bounds;
}

TEST(IsolationDifferential, lists_agree_with_brute_force) {
  expect_agreement(Kind::lists, bounds_of_lists(), Model::monotonic_reads);
}

TEST(IsolationDifferential, registers_agree_with_brute_force) {
  Bounds bounds;
  for (const auto model : session_guarantees) bounds[{model, Order::values}] = 0.3;
  expect_agreement(Kind::registers, bounds, Model::read_committed);
}

TEST(IsolationDifferential, lists_beside_registers_agree_with_brute_force) {
  auto bounds = bounds_of_lists();
  for (const auto model :
       {Model::cursor_stability, Model::monotonic_atomic_view, Model::read_atomic, Model::causal}) {
    bounds[{model, Order::values}] = 0.07;
  }
  expect_agreement(Kind::mixed, bounds, Model::monotonic_reads);
}

}  // namespace

}  // namespace sunder::checker::isolation::differential_test
