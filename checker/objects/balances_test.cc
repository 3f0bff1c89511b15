#include "checker/objects/balances.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/models/players_test.h"
#include "checker/objects/differential_test.h"

namespace sunder::checker::balances_test {
namespace {

using history::Object;
using history::Operation;
using history::Value;

Operation read(int first, int second, int invoked, int returned) {
  return operation_at("read", Object{{"0", first}, {"1", second}}, invoked, returned);
}
Operation transfer(int amount, int invoked, int returned) {
  return operation_at("transfer", Object{{"from", 0}, {"to", 1}, {"amount", amount}}, invoked,
                      returned);
}

CheckResult check(std::vector<Operation> operations, const Bank& bank = {}) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, bank);
}

TEST(Balances, a_wrong_total_is_told_by_one_read_or_two) {
  Bank bank;
  bank.total = 10;
  EXPECT_EQ(check({read(6, 0, 0, 1)}, bank).message, "client 0 read a total of 6, but it is 10");
  EXPECT_EQ(check({read(10, 0, 0, 1), read(6, 0, 2, 3)}).message,
            "client 2 read a total of 6, but client 0 read one of 10");
  EXPECT_EQ(check({read(-1, 11, 0, 1)}).message, "client 0 read -1 in account 0, which is below 0");
}

TEST(Balances, transfers_between_two_reads_add_up_to_what_changed) {
  EXPECT_EQ(check({read(10, 0, 0, 1), transfer(4, 2, 3), read(6, 4, 4, 5)}).procedure, "balances");
  EXPECT_EQ(check({read(10, 0, 0, 1), transfer(4, 2, 3), read(6, 4, 4, 5)}).validity,
            Validity::valid);
  const auto lost = check({read(6, 4, 0, 1), transfer(4, 2, 3), read(6, 4, 4, 5)});
  EXPECT_EQ(lost.validity, Validity::invalid);
  EXPECT_EQ(lost.counterexample->operations.size(), 3U);
  EXPECT_EQ(
      check({read(10, 0, 0, 1), transfer(4, 2, -1), transfer(3, 3, -1), read(3, 7, 4, 5)}).validity,
      Validity::valid);
}

TEST(Balances, money_must_be_there_before_it_is_transferred) {
  EXPECT_EQ(check({read(3, 0, 0, 1), transfer(4, 2, 3)}).validity, Validity::invalid);
  Bank bank;
  bank.may_be_negative = true;
  EXPECT_EQ(check({read(3, 0, 0, 1), transfer(4, 2, 3)}, bank).validity, Validity::valid);
}

TEST(Balances, before_the_first_read_transfers_may_have_come_in_any_order) {
  const auto back = operation_at("transfer", Object{{"from", 1}, {"to", 0}, {"amount", 4}}, 0, 5);
  EXPECT_EQ(check({back, transfer(4, 1, 4), read(0, 4, 6, 7)}).validity, Validity::valid);
}

TEST(Balances, long_histories_with_crashed_transfers_are_decided) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    Random random(seed);
    const auto operations = random_history_of("bank", random, {2'000, 10, 5, 0, 0});
    expect_explained(operations, Bank{}, "balances");
  }
}

TEST(BalancesDifferential, agrees_with_brute_force) {
  const auto make = [](Random& random, int seed) {
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 35 : 10;
    return random_history_of("bank", random, shape);
  };
  const auto tally = Differential(Bank{}, make).compare(differential_histories());
  EXPECT_GT(tally.fast, tally.histories / 2);
  EXPECT_GT(tally.invalid, tally.histories / 60);
  EXPECT_LT(tally.invalid, tally.histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker::balances_test
