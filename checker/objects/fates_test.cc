#include "checker/objects/fates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/linearizability/conflict.h"
#include "checker/linearizability/operations_test.h"

namespace sunder::checker::fates_test {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using testing::ElementsAre;
using testing::IsEmpty;

/// A position is a millisecond.
Operation at(std::string_view f, Value value, int invoked, int returned) {
  auto operation = operation_at(f, std::move(value), invoked, returned);
  operation.invoked_at = std::chrono::milliseconds(invoked);
  operation.returned_at = std::chrono::milliseconds(returned);
  return operation;
}

Operation failed(Operation operation) {
  operation.outcome = Outcome::fail;
  return operation;
}

Operation drain(List taken, int invoked, int returned) {
  auto operation = at("drain", {}, invoked, returned);
  operation.result = std::move(taken);
  return operation;
}

Fates fates(const std::vector<Operation>& operations, Contents contents) {
  const std::vector<std::vector<const Operation*>> keys = {pointers_to(operations)};
  return *fates_of(keys, contents, {});
}

Fates of_elements(const std::vector<Operation>& operations) {
  return fates(operations, Contents::elements);
}
Fates of_messages(const std::vector<Operation>& operations) {
  return fates(operations, Contents::messages);
}

TEST(Fates, an_element_that_the_last_read_lacks_is_lost_even_if_an_earlier_one_had_it) {
  const auto found = of_elements({at("add", 1, 0, 1), at("add", 2, 2, 3),
                                  at("read", List{1, 2}, 4, 5), at("read", List{2}, 6, 7)});
  EXPECT_EQ(found.acknowledged, 2U);
  EXPECT_THAT(found.lost.values, ElementsAre(1));
  EXPECT_EQ(found.stale.count, 0U);
  EXPECT_THAT(lines_about(found), ElementsAre("1 element was lost: 1"));
}

TEST(Fates, an_element_that_a_later_read_has_is_stale_from_its_add_to_the_last_read_without_it) {
  const auto found = of_elements({at("add", 1, 0, 10), at("read", List{}, 20, 21),
                                  at("read", List{}, 35, 36), at("read", List{1}, 40, 41)});
  EXPECT_EQ(found.lost.count, 0U);
  EXPECT_EQ(found.stale_max, std::chrono::milliseconds(25));
  EXPECT_THAT(
      lines_about(found),
      ElementsAre("1 element was missing for a while (median 25.0 ms, longest 25.0 ms): 1"));
}

TEST(Fates, a_read_that_began_before_the_add_returned_proves_nothing) {
  const auto found = of_elements({at("read", List{}, 0, 5), at("add", 1, 1, 2)});
  EXPECT_EQ(found.lost.count, 0U);
  EXPECT_THAT(found.never_read.values, ElementsAre(1));
}

TEST(Fates, repeated_recovered_and_unexpected_elements_are_told_apart) {
  const auto found =
      of_elements({at("add", 1, 0, 1), at("add", 2, 2, -1), failed(at("add", 3, 3, 4)),
                   at("read", List{1, 1, 2, 3, 4}, 5, 6)});
  EXPECT_THAT(found.duplicated.values, ElementsAre(1));
  EXPECT_THAT(found.recovered.values, ElementsAre(2));
  EXPECT_THAT(found.unexpected.values, ElementsAre(3, 4));
}

TEST(Fates, what_is_appended_twice_may_be_there_twice) {
  const auto found =
      of_elements({at("append", 1, 0, 1), at("append", 1, 2, 3), at("read", List{1, 1}, 4, 5)});
  EXPECT_EQ(found.duplicated.count, 0U);
  EXPECT_THAT(lines_about(found), IsEmpty());
}

TEST(Fates, messages_that_unanswered_dequeues_may_have_taken_are_unaccounted_for_and_not_lost) {
  std::vector<Operation> operations = {at("enqueue", 1, 0, 1), at("enqueue", 2, 2, 3),
                                       at("dequeue", {}, 4, -1), at("dequeue", {}, 5, 6)};
  auto found = of_messages(operations);
  EXPECT_EQ(found.never_read.count, 2U);
  EXPECT_EQ(found.lost.count, 1U);
  EXPECT_THAT(
      lines_about(found),
      ElementsAre("2 of 2 acknowledged messages unaccounted for: 1, 2; 1 unanswered dequeue "
                  "could have taken one each",
                  "at least 1 message was lost: the queue was empty without it"));
  operations.pop_back();
  found = of_messages(operations);
  EXPECT_EQ(found.lost.count, 0U);
}

TEST(Fates, an_unanswered_drain_may_have_taken_all) {
  const auto found = of_messages(
      {at("enqueue", 1, 0, 1), at("enqueue", 2, 2, 3), at("drain", {}, 4, -1), drain({}, 5, 6)});
  EXPECT_EQ(found.lost.count, 0U);
  EXPECT_THAT(lines_about(found), ElementsAre("2 of 2 acknowledged messages unaccounted for: 1, 2; "
                                              "1 unanswered drain could have taken any of them"));
}

TEST(Fates, a_drain_takes_messages_and_ends_at_an_empty_queue) {
  const auto found =
      of_messages({at("enqueue", 1, 0, 1), at("enqueue", 2, 2, -1), at("enqueue", 3, 3, 4),
                   at("dequeue", 1, 5, 6), drain({2, 1, 9}, 7, 8)});
  EXPECT_THAT(found.lost.values, ElementsAre(3));
  EXPECT_THAT(found.duplicated.values, ElementsAre(1));
  EXPECT_THAT(found.recovered.values, ElementsAre(2));
  EXPECT_THAT(found.unexpected.values, ElementsAre(9));
}

}  // namespace
}  // namespace sunder::checker::fates_test
