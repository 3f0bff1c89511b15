#include "checker/linearizability/collection_order.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/brute_force_test.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/list_append.h"
#include "checker/models/set.h"

namespace sunder::checker {
namespace {

using history::List;
using history::Operation;
using history::Outcome;
using history::Value;
using Kind = FastAnswer::Kind;

Operation add(int value, int invoked, int returned) {
  return operation_at("add", value, invoked, returned);
}
Operation append(int value, int invoked, int returned) {
  return operation_at("append", value, invoked, returned);
}
Operation read(List seen, int invoked, int returned) {
  return operation_at("read", std::move(seen), invoked, returned);
}

template <Model M>
std::string message_of(std::vector<Operation> operations) {
  history::History history;
  history.operations = std::move(operations);
  return check_linearizability(history, M{}).message;
}

TEST(CollectionOrder, the_proof_of_a_lost_element_is_its_add_and_the_read) {
  history::History history;
  for (int i = 0; i < 100; ++i) history.operations.push_back(add(i, 2 * i, 2 * i + 1));
  List seen;
  for (int i = 0; i < 100; ++i) {
    if (i != 7) seen.push_back(i);
  }
  history.operations.push_back(add(500, 200, -1));
  history.operations.push_back(read(seen, 201, 202));
  const auto result = check_linearizability(history, Set{});
  EXPECT_EQ(result.message,
            "client 201's read lacks 7, which client 14's add had added by then: lost");
  ASSERT_EQ(result.counterexample->operations.size(), 2U);
  EXPECT_EQ(result.counterexample->elements, (std::vector<Value>{7}));
  EXPECT_EQ(result.counterexample->operations[1].result, Value(seen));
}

TEST(CollectionOrder, an_element_that_a_later_read_shows_was_not_lost) {
  EXPECT_EQ(
      message_of<Set>({add(7, 0, 1), read({}, 2, 3), read({7}, 4, 5)}),
      "client 2's read lacks 7, which client 0's add had added by then; client 4's later read "
      "shows it");
}

TEST(CollectionOrder, an_element_that_disappears_between_two_reads_is_named) {
  EXPECT_EQ(message_of<Set>({add(7, 0, -1), read({7}, 1, 2), read({}, 3, 4)}),
            "client 3's read lacks 7, which client 1's read had shown before: it disappeared");
}

TEST(CollectionOrder, of_the_reads_that_lack_an_element_the_first_is_named) {
  EXPECT_EQ(message_of<Set>({add(7, 0, 1), read({7}, 2, 3), add(8, 4, 5), read({8}, 6, 7),
                             add(9, 8, 9), read({8, 9}, 10, 11), read({8, 9}, 12, 13)}),
            "client 6's read lacks 7, which client 2's read had shown before: it disappeared");
}

TEST(CollectionOrder, an_element_that_nobody_added_is_named) {
  EXPECT_EQ(message_of<Set>({add(1, 0, 1), read({1, 9}, 2, 3)}),
            "client 2's read shows 9, which nobody had added");
  EXPECT_EQ(message_of<Set>({read({9}, 0, 1), add(9, 2, 3)}),
            "client 0's read shows 9 before client 2's add was invoked");
}

TEST(CollectionOrder, an_element_twice_in_one_read_is_named) {
  EXPECT_EQ(message_of<Set>({add(1, 0, 1), read({1, 1, 1}, 2, 3)}),
            "client 2's read shows 1 3 times: a set has it once");
  EXPECT_EQ(message_of<ListAppend>({append(1, 0, 1), read({1, 1}, 2, 3)}),
            "client 2's read shows 1 2 times: it was appended once");
}

TEST(CollectionOrder, two_reads_that_contradict_each_other_are_named) {
  EXPECT_EQ(message_of<Set>({add(1, 0, -1), add(2, 1, -1), read({1}, 2, 4), read({2}, 3, 5)}),
            "client 2's read shows 1 without 2, client 3's read shows 2 without 1: one came first");
  EXPECT_EQ(message_of<ListAppend>(
                {append(1, 0, -1), append(2, 1, -1), read({1, 2}, 2, 4), read({2, 1}, 3, 5)}),
            "client 2's read shows [1,2], client 3's read shows [2,1]: these are two orders");
}

TEST(CollectionOrder, an_element_overtaken_is_named) {
  EXPECT_EQ(message_of<Set>({read({2}, 0, 5), add(1, 1, 2), add(2, 3, 4)}),
            "client 0's read shows 2 without 1, although client 1's add of 1 had returned before "
            "client 3's add of 2 began");
  EXPECT_EQ(message_of<ListAppend>({append(1, 0, 1), append(2, 2, 3), read({2, 1}, 4, 5)}),
            "client 4's read shows 2 before 1, although client 0's append of 1 had returned before "
            "client 2's append of 2 began");
}

TEST(CollectionOrder, a_list_to_which_an_element_was_appended_twice_is_left_to_the_search) {
  Budget budget;
  const std::vector<Operation> twice = {append(1, 0, 1), append(1, 2, 3)};
  EXPECT_EQ(decide_by_collection_order(pointers_to(twice), Collection::list, budget).kind,
            Kind::not_applicable);
}

/// Elements by their numbers; answers are spoiled in ways that no state explains, too.
class CollectionPlayer final : public Player {
 public:
  CollectionPlayer(Random& random, Collection kind) : random_(random), kind_(kind) {}

  void ask(Operation& operation) override {
    const bool is_set = kind_ == Collection::set;
    operation.f = random_.chance(45) ? "read" : is_set ? "add" : "append";
    if (operation.f != "read") operation.argument = is_set ? random_.below(4) : next_element_++;
  }

  void answer(Operation& operation) override {
    operation.result = operation.argument;
    if (operation.f == "read") {
      operation.result = random_.chance(10) && elements_.empty() ? Value() : Value(elements_);
    } else if (std::find(elements_.begin(), elements_.end(), operation.argument) ==
               elements_.end()) {
      elements_.push_back(operation.argument);
    }
  }

  void spoil(Operation& operation) override {
    const auto* seen = operation.result.list();
    if (operation.f != "read" || seen == nullptr) {
      operation.outcome = Outcome::fail;
      return;
    }
    auto spoiled = *seen;
    const int kind = random_.below(4);
    if (kind == 0 && spoiled.size() > 1) std::swap(spoiled.front(), spoiled.back());
    if (kind == 1 && !spoiled.empty())
      spoiled.erase(spoiled.begin() + random_.below(static_cast<int>(spoiled.size())));
    if (kind == 2) spoiled.push_back(random_.below(5));
    if (kind == 3 && !spoiled.empty()) spoiled.pop_back();
    operation.result = spoiled;
  }

 private:
  Random& random_;
  Collection kind_;
  List elements_;
  int next_element_ = 0;
};

template <Model M>
void compare_with_brute_force(Collection kind) {
  const int histories = differential_histories();
  int invalid = 0;
  for (int seed = 0; seed < histories; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 3 + seed % 6;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = seed % 3 == 0 ? 40 : 10;
    CollectionPlayer player(random, kind);
    const auto operations = random_history(random, shape, player);
    Budget budget;
    const auto answer = decide_by_collection_order(pointers_to(operations), kind, budget);
    const bool expected = BruteForce(M{}, operations).is_linearizable();
    ASSERT_EQ(answer.kind, expected ? Kind::linearizable : Kind::not_linearizable)
        << "seed " << seed << "\n"
        << to_text(operations);
    if (expected) continue;
    ++invalid;
    std::vector<Operation> blamed;
    for (const auto place : answer.conflict) {
      auto& each = blamed.emplace_back(operations[place]);
      if (each.f != "read" || each.result.is_nil()) continue;
      List kept;
      for (const auto& element : *each.result.list()) {
        const auto& about = answer.about;
        if (std::find(about.begin(), about.end(), element) != about.end()) kept.push_back(element);
      }
      each.result = kept;
    }
    ASSERT_LE(blamed.size(), 6U);
    ASSERT_FALSE(BruteForce(M{}, blamed).is_linearizable()) << to_text(operations);
  }
  EXPECT_GT(invalid, histories / 10);
  EXPECT_LT(invalid, histories * 4 / 5);
}

TEST(CollectionOrder, agrees_with_brute_force_on_sets) {
  compare_with_brute_force<Set>(Collection::set);
}

TEST(CollectionOrder, agrees_with_brute_force_on_lists) {
  compare_with_brute_force<ListAppend>(Collection::list);
}

}  // namespace
}  // namespace sunder::checker
