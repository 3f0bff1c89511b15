#include "checker/linearizability/witness.h"

#include <gtest/gtest.h>

#include "checker/history/history.h"
#include "checker/linearizability/conflict.h"
#include "checker/linearizability/decide.h"
#include "checker/linearizability/linearizable.h"
#include "checker/linearizability/operations_test.h"
#include "checker/linearizability/random_histories_test.h"
#include "checker/models/catalog.h"
#include "checker/models/players_test.h"
#include "checker/models/register.h"

namespace sunder::checker {
namespace {

using history::Operation;
using history::Outcome;
using history::Value;

Operation keyed(std::string_view f, Value value, int invoked, int returned,
                std::string_view key = "") {
  auto operation = operation_at(f, std::move(value), invoked, returned);
  operation.key = key;
  if (f != "read") operation.result = operation.argument;
  return operation;
}

std::string flaw(const std::vector<Operation>& operations, const std::vector<std::size_t>& places) {
  const auto pointers = pointers_to(operations);
  EffectOrder order{pointers, {}};
  for (const auto place : places) order.order.push_back(pointers[place]);
  Budget budget;
  return flaw_of(order, ErasedModelOf<Register>(Register{}), budget);
}

TEST(Witness, an_order_is_refused_that_does_not_explain_the_answers_or_times) {
  const std::vector<Operation> operations = {keyed("write", 1, 0, 1), keyed("write", 2, 2, 3),
                                             keyed("read", 2, 4, 5)};
  EXPECT_EQ(flaw(operations, {0, 1, 2}), "");
  EXPECT_EQ(flaw(operations, {1, 0, 2}),
            "client 0's \"write 1\" stands behind an operation that was invoked later");
  EXPECT_EQ(flaw(operations, {0, 2}), "client 4's \"read 2\" was not possible there");
  EXPECT_EQ(flaw(operations, {0, 1}), "client 4's \"read 2\" is missing");
  EXPECT_EQ(flaw(operations, {0, 1, 1, 2}), "an operation is there twice");
}

TEST(Witness, the_keys_are_merged_into_one_order_with_the_state_of_each) {
  history::History history;
  history.operations = {keyed("write", 1, 0, 5, "a"), keyed("write", 7, 1, 2, "b"),
                        keyed("read", Value(), 3, 4, "a")};
  std::string lines;
  LinearizabilityOptions options;
  options.witness = &lines;
  EXPECT_EQ(check_linearizability(history, Register{}, options).validity, Validity::valid);
  EXPECT_EQ(lines,
            R"({"position":0,"process":1,"f":"write","key":"b","value":7,"outcome":"ok","state":7}
{"position":1,"process":3,"f":"read","key":"a","value":null,"outcome":"ok","state":null}
{"position":2,"process":0,"f":"write","key":"a","value":1,"outcome":"ok","state":1}
)");
}

/// Every valid history has an order that holds, by whichever procedure.
void expect_orders_that_hold(const CatalogEntry& entry, int crash_percent, int domain) {
  const auto model = entry.make({});
  int valid = 0;
  for (int seed = 0; seed < differential_histories() / 2; ++seed) {
    Random random(static_cast<std::uint64_t>(seed));
    Shape shape;
    shape.operations = 3 + seed % 9;
    shape.clients = 2 + seed % 4;
    shape.crash_percent = crash_percent;
    shape.spoil_percent = 30;
    shape.domain = domain;
    const auto operations = random_history_of(entry.name, random, shape);
    const auto pointers = pointers_to(operations);
    const auto decision = decide(pointers, *model, {}, Asked::order);
    if (decision.validity != Validity::valid) continue;
    ++valid;
    ASSERT_TRUE(decision.order.has_value());
    EffectOrder order{pointers, {}};
    for (const auto place : *decision.order) order.order.push_back(pointers[place]);
    Budget budget;
    ASSERT_EQ(flaw_of(order, *model, budget), "")
        << entry.name << ", " << decision.procedure << ", seed " << seed << "\n"
        << to_text(operations);
  }
  EXPECT_GT(valid, differential_histories() / 20) << entry.name;
}

TEST(Witness, of_every_model_and_procedure_holds) {
  for (const auto& entry : model_catalog()) {
    expect_orders_that_hold(entry, 15, 0);
    expect_orders_that_hold(entry, 40, 3);
  }
}

TEST(Witness, an_object_changed_in_place_behaves_as_the_model) {
  for (const auto& entry : model_catalog()) {
    const auto model = entry.make({});
    for (int seed = 0; seed < 500; ++seed) {
      Random random(static_cast<std::uint64_t>(seed));
      const auto operations = random_history_of(entry.name, random, {});
      Budget budget;
      const auto automaton = model->make_automaton(budget);
      auto state = std::optional(automaton->initial());
      const auto replica = model->make_replica();
      for (const auto& operation : operations) {
        if (is_void(operation) || !must_happen(operation)) continue;
        const auto next = automaton->next(*state, automaton->call_of(operation));
        ASSERT_EQ(replica->apply(operation), next.has_value()) << entry.name << ", seed " << seed;
        if (!next) break;
        state = next;
      }
    }
  }
}

}  // namespace
}  // namespace sunder::checker
