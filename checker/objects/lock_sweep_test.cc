#include "checker/objects/lock_sweep.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/mutex.h"
#include "checker/models/semaphore.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::lock_sweep_test {
namespace {

using history::Operation;
using history::Outcome;

Operation acquire(int invoked, int returned) {
  return operation_at("acquire", {}, invoked, returned);
}
Operation release(int invoked, int returned) {
  return operation_at("release", {}, invoked, returned);
}

template <Model M>
CheckResult check(std::vector<Operation> operations, const M& model) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, model);
}

TEST(LockSweep, an_acquire_of_a_held_lock_is_told_with_its_holder) {
  const auto result = check({acquire(0, 1), release(2, 3), acquire(4, 5), acquire(6, 7)}, Mutex{});
  EXPECT_EQ(result.message, "client 6 acquired the lock while client 4 held it");
  EXPECT_EQ(result.procedure, "lazy sweep");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(LockSweep, a_release_of_a_free_lock_is_told_with_the_one_before) {
  EXPECT_EQ(check({release(0, 1)}, Mutex{}).message,
            "client 0 released the lock, which nobody had acquired");
  EXPECT_EQ(check({acquire(0, 1), release(2, 3), release(4, 5)}, Mutex{}).message,
            "client 4 released the lock, which nobody held: client 2 had released it");
}

TEST(LockSweep, a_crashed_release_may_free_the_lock_at_any_time_and_once) {
  EXPECT_EQ(check({acquire(0, 1), release(2, -1), acquire(4, 5)}, Mutex{}).validity,
            Validity::valid);
  const auto twice = check({acquire(0, 1), release(2, -1), acquire(4, 5), acquire(6, 7)}, Mutex{});
  EXPECT_EQ(twice.message,
            "client 6 acquired the lock: that is 3 acquires, with 1 release in between at most");
}

TEST(LockSweep, a_semaphore_has_its_permits_and_no_more) {
  const std::vector<Operation> three = {acquire(0, 1), acquire(2, 3), acquire(4, 5)};
  EXPECT_EQ(check(three, Semaphore{3}).validity, Validity::valid);
  EXPECT_EQ(check(three, Semaphore{2}).message,
            "client 4 acquired a permit while client 0 and client 2 held all 2");
}

TEST(LockSweep, a_proof_of_many_operations_is_told_by_its_count) {
  std::vector<Operation> operations;
  int at = 0;
  for (int i = 0; i < 50; ++i, at += 2) operations.push_back(release(at, -1));
  for (int i = 0; i < 52; ++i, at += 2) operations.push_back(acquire(at, at + 1));
  const auto result = check(operations, Mutex{});
  EXPECT_EQ(result.message,
            "client 202's acquire was the last of 52 acquires, but at most 50 releases can have "
            "happened between the first of them and the last");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

/// Whoever holds a permit may release it, whoever does not acquires one.
class LockPlayer final : public Player {
 public:
  LockPlayer(Random& random, int permits) : random_(random), permits_(permits) {}

  void ask(Operation& operation) override {
    operation.f = random_.chance(50 + 20 * (permits_ - taken_)) ? "acquire" : "release";
  }
  void answer(Operation& operation) override {
    const bool acquires = operation.f == "acquire";
    if (acquires ? taken_ == permits_ : taken_ == 0) {
      operation.outcome = Outcome::fail;
      return;
    }
    taken_ += acquires ? 1 : -1;
  }
  void spoil(Operation& operation) override {
    operation.outcome = operation.outcome == Outcome::ok ? Outcome::fail : Outcome::ok;
  }

 private:
  Random& random_;
  int permits_;
  int taken_ = 0;
};

template <Model M>
void compare_with_brute_force(const M& model, int permits) {
  const auto make = [permits](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 7;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 40 : 15;
    LockPlayer player(random, permits);
    return random_history(random, shape, player);
  };
  const auto tally = Differential(model, make).compare(differential_histories());
  EXPECT_EQ(tally.fast, tally.histories);
  EXPECT_GT(tally.invalid, tally.histories / 30);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

TEST(LockSweepDifferential, agrees_with_brute_force_on_mutexes) {
  compare_with_brute_force(Mutex{}, 1);
}

TEST(LockSweepDifferential, agrees_with_brute_force_on_semaphores) {
  compare_with_brute_force(Semaphore{2}, 2);
}

}  // namespace
}  // namespace sunder::checker::lock_sweep_test
