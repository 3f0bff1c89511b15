#include "checker/objects/set_sweep.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/set.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::set_sweep_test {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;

Operation add(int element, int invoked, int returned) {
  return operation_at("add", element, invoked, returned);
}
Operation remove(int element, int invoked, int returned) {
  return operation_at("remove", element, invoked, returned);
}
Operation read(List seen, int invoked, int returned) {
  return operation_at("read", std::move(seen), invoked, returned);
}

CheckResult check(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, Set{});
}

TEST(SetSweep, an_element_that_came_back_is_told_with_its_remove) {
  const auto result = check({add(7, 0, 1), remove(7, 2, 3), add(8, 4, 5), read({7, 8}, 6, 7)});
  EXPECT_EQ(result.procedure, "lazy sweep");
  EXPECT_EQ(result.message, "client 6's read shows 7, which client 2 had removed before");
  EXPECT_EQ(result.counterexample->operations.size(), 3U);
}

TEST(SetSweep, a_lost_element_is_told_by_its_add_and_the_read) {
  std::vector<Operation> operations;
  List seen;
  for (int i = 0; i < 100; ++i) {
    operations.push_back(add(i, 2 * i, 2 * i + 1));
    if (i > 0 && i != 7) seen.push_back(i);
  }
  operations.push_back(remove(0, 200, 201));
  operations.push_back(read(seen, 202, 203));
  const auto result = check(operations);
  EXPECT_EQ(result.message,
            "client 202's read lacks 7, which client 14's add had added by then: lost");
  EXPECT_EQ(result.counterexample->operations.size(), 2U);
}

TEST(SetSweep, an_open_read_may_need_its_moment_between_two_updates) {
  EXPECT_EQ(
      check({read({1}, 0, 20), add(1, 1, 10), add(2, 2, 11), remove(3, 3, 4), read({1, 2}, 5, 6)})
          .validity,
      Validity::valid);
}

TEST(SetSweep, a_remove_may_have_found_nothing) {
  EXPECT_EQ(check({add(1, 0, 5), remove(1, 1, 6), read({1}, 7, 8)}).validity, Validity::valid);
  EXPECT_EQ(check({add(1, 0, 5), remove(1, 1, 6), read({}, 7, 8)}).validity, Validity::valid);
  EXPECT_EQ(check({add(1, 0, 5), remove(1, 1, 6), read({}, 7, 8), read({1}, 9, 10)}).validity,
            Validity::invalid);
}

/// Elements are added and removed once each.
class SetPlayer final : public Player {
 public:
  explicit SetPlayer(Random& random) : random_(random) {}

  void ask(Operation& operation) override {
    const int kind = random_.below(100);
    if (kind < 45) {
      operation.f = "read";
    } else if (kind < 75 || removed_ == next_) {
      operation.f = "add";
      operation.argument = next_++;
    } else {
      operation.f = "remove";
      operation.argument = removed_++;
    }
  }
  void answer(Operation& operation) override {
    operation.result = operation.argument;
    const auto at = std::find(elements_.begin(), elements_.end(), operation.argument);
    if (operation.f == "read") {
      operation.result = elements_;
    } else if (operation.f == "add") {
      elements_.push_back(operation.argument);
    } else if (at != elements_.end()) {
      elements_.erase(at);
    }
  }
  void spoil(Operation& operation) override {
    if (operation.f != "read") {
      operation.outcome = Outcome::fail;
      return;
    }
    auto seen = *operation.result.list();
    const auto one = random_.below(next_ + 1);
    const auto at = std::find(seen.begin(), seen.end(), Value(one));
    if (at == seen.end()) {
      seen.push_back(one);
    } else {
      seen.erase(at);
    }
    operation.result = seen;
  }

 private:
  Random& random_;
  List elements_;
  int next_ = 0;
  int removed_ = 0;
};

TEST(SetSweepDifferential, agrees_with_brute_force) {
  const auto make = [](Random& random, int seed) {
    Shape shape;
    shape.operations = 4 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 35 : 10;
    SetPlayer player(random);
    return random_history(random, shape, player);
  };
  const auto tally = Differential(Set{}, make).compare(differential_histories());
  EXPECT_EQ(tally.fast, tally.histories);
  EXPECT_GT(tally.invalid, tally.histories / 10);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker::set_sweep_test
