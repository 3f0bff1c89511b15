#include "harness/driver/ovsdb/client.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "harness/driver/ovsdb/status.h"

namespace sunder::harness::ovsdb {
namespace {

using history::EventType;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

const Call read{"read", "x", {}};
const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};

Attempt answered(const std::string& text) {
  return {nlohmann::json::parse(text), true};
}

Completion outcome(const Call& call, const Attempt& attempt) {
  return classify(call, attempt).value();
}

TEST(OvsdbClient, reads_what_is_stored) {
  const auto found = outcome(
      read, answered(R"({"id":1,"error":null,"result":[{"count":1},{},{"rows":[{"val":"17"}]}]})"));
  EXPECT_EQ(found.type, EventType::ok);
  EXPECT_EQ(found.value, history::Value(17));
  const auto absent = outcome(read, answered(R"({"error":null,"result":[{"rows":[]}]})"));
  EXPECT_EQ(absent.type, EventType::ok);
  EXPECT_TRUE(absent.value.is_nil());
}

TEST(OvsdbClient, a_wait_that_finds_another_value_is_definite_and_only_that) {
  const auto mismatch = answered(R"({"error":null,"result":[{"error":"timed out"},null,null]})");
  EXPECT_EQ(outcome(cas, mismatch).type, EventType::fail);
  EXPECT_EQ(outcome(write, mismatch).type, EventType::info);
  const auto later = answered(R"({"error":null,"result":[{},{},{},{"error":"timed out"}]})");
  EXPECT_EQ(outcome(cas, later).type, EventType::info);
}

TEST(OvsdbClient, reads_sets_counters_and_balances) {
  const Call set{"read", "s", {}, Kind::set};
  EXPECT_EQ(
      outcome(set, answered(R"({"error":null,"result":[{"rows":[{"elements":"7"}]}]})")).value,
      history::Value(history::List{7}));
  EXPECT_EQ(
      outcome(set,
              answered(R"({"error":null,"result":[{"rows":[{"elements":["set",["7","9"]]}]}]})"))
          .value,
      history::Value(history::List{7, 9}));
  EXPECT_EQ(outcome(set, answered(R"({"error":null,"result":[{"rows":[]}]})")).value,
            history::Value(history::List{}));
  const Call counter{"read", "c", {}, Kind::counter};
  EXPECT_EQ(outcome(counter, answered(R"({"error":null,"result":[{"rows":[]}]})")).value,
            history::Value(0));
  const Call bank{"read", "", {}, Kind::accounts};
  EXPECT_EQ(outcome(bank, answered(R"({"error":null,"result":[{"rows":[{"key":"account.a1","n":4},
                                      {"key":"c1","n":9}]}]})"))
                .value,
            history::Value(history::Object{{"a1", 4}}));
}

TEST(OvsdbClient, a_transaction_answers_its_reads_behind_the_tick_and_between_its_writes) {
  const auto step = [](const char* f, const char* key, history::Value value) {
    return history::Value(history::List{f, key, std::move(value)});
  };
  const Call reads{"txn", "", history::List{step("r", "x", {}), step("r", "y", {})},
                   Kind::transaction};
  EXPECT_EQ(
      outcome(reads, answered(R"({"error":null,"result":[{"count":1},{},{"rows":[{"val":"1"}]},
                                       {"rows":[]}]})"))
          .value,
      history::Value(history::List{step("r", "x", 1), step("r", "y", {})}));
  const Call mixed{"txn", "", history::List{step("w", "x", 3), step("r", "x", {})},
                   Kind::transaction};
  EXPECT_EQ(
      outcome(mixed, answered(R"({"error":null,"result":[{"count":0},{},{"rows":[{"val":"3"}]}]})"))
          .value,
      history::Value(history::List{step("w", "x", 3), step("r", "x", 3)}));
}

TEST(OvsdbClient, a_transaction_of_lists_waits_for_what_it_saw_before_it_appends) {
  const auto step = [](const char* f, const char* key, history::Value value) {
    return history::Value(history::List{f, key, std::move(value)});
  };
  const Call call{"txn", "",
                  history::List{step("append", "x", 3), step("r", "x", {}), step("r", "y", {})},
                  Kind::list_transaction};
  ASSERT_TRUE(looks_first(call));
  const auto look = look_of(call);
  EXPECT_FALSE(looks_first(look));
  const auto seen = outcome(
      look, answered(R"({"error":null,"result":[{"rows":[{"val":"[\"1\"]"}]},{"rows":[]}]})"));
  EXPECT_EQ(to_json(seen.value), R"([["r","x",[1]],["r","y",[]]])");
  const auto change = guarded(call, *seen.value.list());
  EXPECT_EQ(to_json(change.answer), R"([["append","x",3],["r","x",[1,3]],["r","y",[]]])");
  EXPECT_EQ(change.operations[1]["rows"][0]["val"], R"(["1"])");
  EXPECT_EQ(change.operations[2]["rows"], nlohmann::json::array());
  EXPECT_EQ(change.operations[4]["row"]["val"], R"(["1","3"])");
  EXPECT_EQ(change.operations.size(), 5U);
  const auto changed = answered(R"({"error":null,"result":[{},{"error":"timed out"},null,null]})");
  EXPECT_EQ(outcome(call, changed).type, EventType::fail);
  EXPECT_EQ(classify(call, {{}, true})->type, EventType::info);
}

TEST(OvsdbClient, a_held_lock_and_an_empty_account_are_definite_refusals) {
  const auto refused = answered(R"({"error":null,"result":[{"error":"timed out"},null]})");
  EXPECT_EQ(outcome({"acquire", "l", "c1", Kind::lock}, refused).type, EventType::fail);
  EXPECT_EQ(outcome({"release", "l", "c1", Kind::lock}, refused).type, EventType::fail);
  const history::Object transfer{{"from", "a1"}, {"to", "a2"}, {"amount", 3}};
  EXPECT_EQ(outcome({"transfer", "", transfer, Kind::accounts}, refused).type, EventType::fail);
  EXPECT_EQ(outcome({"add", "c", 1, Kind::counter}, refused).type, EventType::info);
}

TEST(OvsdbTransaction, a_row_that_is_not_there_is_made_with_what_the_call_asks_for) {
  const auto none = nlohmann::json::parse(R"([{"count":0},{},{}])");
  const auto one = nlohmann::json::parse(R"([{"count":1},{},{}])");
  for (const Call& call : {Call{"add", "c", 1, Kind::counter}, Call{"add", "s", 1, Kind::set},
                           Call{"generate", "", {}, Kind::ids}}) {
    EXPECT_TRUE(creation(call)) << call.f;
    EXPECT_TRUE(lacks_row(call, none)) << call.f;
    EXPECT_FALSE(lacks_row(call, one)) << call.f;
  }
  EXPECT_FALSE(lacks_row(write, none));
}

TEST(OvsdbClient, a_command_that_may_have_been_taken_is_unknown_and_a_read_is_not) {
  for (const auto& attempt :
       {Attempt{{}, true}, answered(R"({"error":null,"result":[{},{},{"error":"cluster error"}]})"),
        answered(R"({"error":{"error":"canceled"},"result":null})"), answered("{}"),
        answered(R"({"error":null,"result":[{"error":7}]})")}) {
    EXPECT_EQ(outcome(cas, attempt).type, EventType::info);
    EXPECT_EQ(outcome(read, attempt).type, EventType::fail);
  }
}

TEST(OvsdbClient, what_was_refused_or_never_left_did_not_happen) {
  const auto refused = answered(R"({"error":{"error":"unknown database"},"result":null})");
  EXPECT_FALSE(classify(write, refused));
  EXPECT_FALSE(classify(write, Attempt()));
}

TEST(OvsdbJsonRpc, objects_are_taken_one_by_one_once_they_are_whole) {
  std::string received = R"({"a":"}{\"","b":{}}{"c)";
  EXPECT_EQ(take_object(received), nlohmann::json::parse(R"({"a":"}{\"","b":{}})"));
  EXPECT_FALSE(take_object(received));
  received += R"(":1})";
  EXPECT_EQ(take_object(received), nlohmann::json::parse(R"({"c":1})"));
  EXPECT_TRUE(received.empty());
  EXPECT_FALSE(take_object(received));
  received = "HTTP/1.1 400";
  EXPECT_THROW(take_object(received), std::invalid_argument);
}

TEST(OvsdbStatus, role_and_term_of_a_member) {
  const std::string text =
      "8f4a\nName: KV\nStatus: cluster member\nRole: leader\nTerm: 12\nLeader: self\n";
  EXPECT_EQ(parse_status(text), (NodeStatus{NodeStatus::Role::leader, 12}));
  EXPECT_FALSE(parse_status("8f4a\nName: KV\nStatus: joining cluster\nRole: follower\nTerm: 0\n"));
  EXPECT_FALSE(parse_status(""));
}

}  // namespace
}  // namespace sunder::harness::ovsdb
