#include "checker/linearizability/zones.h"

#include <gtest/gtest.h>

#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::List;
using history::never;
using history::Operation;
using history::Outcome;
using history::Position;
using history::Value;
using Kind = FastAnswer::Kind;

Operation write(Position invoked, Position returned, Value value) {
  Operation operation;
  operation.f = "write";
  operation.argument = operation.result = std::move(value);
  operation.invoked = invoked;
  operation.returned = returned;
  operation.outcome = returned == never ? Outcome::info : Outcome::ok;
  return operation;
}

Operation read(Position invoked, Position returned, Value value) {
  auto operation = write(invoked, returned, {});
  operation.f = "read";
  operation.result = std::move(value);
  return operation;
}

Operation cas(Position invoked, Position returned, Value expected, Value value) {
  auto operation = write(invoked, returned, List{std::move(expected), std::move(value)});
  operation.f = "cas";
  return operation;
}

FastAnswer decide(const std::vector<Operation>& operations) {
  std::vector<const Operation*> pointers;
  for (const auto& operation : operations) pointers.push_back(&operation);
  Budget budget;
  return decide_by_zones(pointers, {}, budget);
}

TEST(Zones, an_empty_history_is_linearizable) {
  EXPECT_EQ(decide({}).kind, Kind::linearizable);
}

TEST(Zones, two_writes_around_a_stale_read_are_invalid) {
  EXPECT_EQ(decide({write(0, 1, 1), write(2, 3, 2), read(4, 5, 1)}).kind, Kind::not_linearizable);
  EXPECT_EQ(decide({write(0, 1, 1), write(2, 5, 2), read(3, 4, 1)}).kind, Kind::linearizable);
}

TEST(Zones, a_read_of_a_value_nobody_wrote_is_invalid) {
  EXPECT_EQ(decide({read(0, 1, 7)}).kind, Kind::not_linearizable);
}

TEST(Zones, a_read_before_the_write_is_invalid) {
  EXPECT_EQ(decide({read(0, 1, 7), write(2, 3, 7)}).kind, Kind::not_linearizable);
}

TEST(Zones, nil_is_the_first_value_and_is_gone_after_a_write) {
  EXPECT_EQ(decide({read(0, 1, {}), write(2, 3, 7)}).kind, Kind::linearizable);
  EXPECT_EQ(decide({write(0, 1, 7), read(2, 3, {})}).kind, Kind::not_linearizable);
}

TEST(Zones, a_crashed_write_may_take_effect_late_or_never) {
  EXPECT_EQ(decide({write(0, never, 1), write(1, 2, 2), read(3, 4, 2), read(5, 6, 1)}).kind,
            Kind::linearizable);
  EXPECT_EQ(decide({write(0, never, 1), write(1, 2, 2), read(3, 4, 1), read(5, 6, 2)}).kind,
            Kind::not_linearizable);
  EXPECT_EQ(decide({write(0, never, 1), write(1, 2, 2), read(3, 4, 2)}).kind, Kind::linearizable);
}

TEST(Zones, two_cas_that_took_one_value_are_invalid) {
  EXPECT_EQ(decide({write(0, 1, 1), cas(2, 5, 1, 2), cas(3, 4, 1, 3)}).kind,
            Kind::not_linearizable);
  EXPECT_EQ(decide({write(0, 1, 1), cas(2, never, 1, 2), cas(3, 4, 1, 3)}).kind,
            Kind::linearizable);
}

TEST(Zones, a_cas_on_the_first_value_ties_it_to_the_beginning) {
  EXPECT_EQ(decide({cas(0, 1, {}, 1), read(2, 3, 1)}).kind, Kind::linearizable);
  EXPECT_EQ(decide({write(0, 1, 1), cas(2, 3, {}, 2)}).kind, Kind::not_linearizable);
}

TEST(Zones, a_cycle_of_cas_is_invalid_even_if_all_are_open_together) {
  EXPECT_EQ(decide({cas(0, 4, 1, 2), cas(1, 5, 2, 1)}).kind, Kind::not_linearizable);
  EXPECT_EQ(decide({cas(0, never, 1, 2), cas(1, never, 2, 1), read(2, 3, 1)}).kind,
            Kind::not_linearizable);
}

TEST(Zones, a_crashed_cas_counts_because_the_next_in_its_chain_was_answered) {
  const std::vector<Operation> chain = {write(0, 1, 1), cas(2, never, 1, 2), cas(3, 4, 2, 3)};
  EXPECT_EQ(decide(chain).kind, Kind::linearizable);
  auto late = chain;
  late.push_back(read(5, 6, 2));
  EXPECT_EQ(decide(late).kind, Kind::not_linearizable);
}

TEST(Zones, failed_operations_and_unanswered_reads_say_nothing) {
  auto failed = write(0, 1, 5);
  failed.outcome = Outcome::fail;
  EXPECT_EQ(decide({failed, read(2, 3, 5)}).kind, Kind::not_linearizable);
  EXPECT_EQ(decide({failed, read(2, never, 5)}).kind, Kind::linearizable);
}

TEST(Zones, values_written_twice_are_left_to_the_search) {
  EXPECT_EQ(decide({write(0, 1, 5), write(2, 3, 5)}).kind, Kind::not_applicable);
  EXPECT_EQ(decide({write(0, 1, {})}).kind, Kind::not_applicable);
  EXPECT_EQ(decide({cas(0, 1, 5, 5)}).kind, Kind::not_applicable);
}

/// What is blamed must be invalid by itself, or the explanation starts from nothing.
void expect_conflict_is_invalid(const std::vector<Operation>& operations,
                                const FastAnswer& answer) {
  std::vector<Operation> conflict;
  for (const auto place : answer.conflict) conflict.push_back(operations[place]);
  EXPECT_FALSE(BruteForce(Register{}, conflict).is_linearizable()) << to_text(operations);
}

TEST(Zones, agree_with_brute_force_on_random_histories) {
  int invalid = 0;
  int decided = 0;
  const int histories = differential_histories();
  for (int seed = 0; seed < histories && !testing::Test::HasFailure(); ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 50 : 15;
    const auto operations = random_register_history(random, shape);
    const auto answer = decide(operations);
    if (answer.kind == Kind::not_applicable) continue;  // a cas from a value to itself
    ++decided;
    const bool expected = BruteForce(Register{}, operations).is_linearizable();
    EXPECT_EQ(answer.kind == Kind::linearizable, expected) << "seed " << seed << "\n"
                                                           << to_text(operations);
    if (!expected) expect_conflict_is_invalid(operations, answer);
    invalid += expected ? 0 : 1;
  }
  EXPECT_GT(decided, histories * 9 / 10);
  EXPECT_GT(invalid, histories / 8);
  EXPECT_LT(invalid, histories * 4 / 5);
}

}  // namespace
}  // namespace sunder::checker
