#include "harness/driver/redis/client.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "harness/driver/redis/command.h"

namespace sunder::harness::redis {
namespace {

using history::EventType;
using workloads::Call;
using Kind = Reply::Kind;

const Call read{"read", "x", {}};
const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};

EventType outcome(const Call& call, Kind kind, const std::string& text) {
  return classify(call, {Reply{kind, text}, true}).value().type;
}

TEST(RedisClient, replies_are_taken_one_by_one_once_they_are_whole) {
  std::string received = "+OK\r\n$2\r\n17\r\n$-1\r\n:1\r\n-READONLY no\r\n$5\r\nab";
  EXPECT_EQ(take_reply(received)->text, "OK");
  EXPECT_EQ(take_reply(received)->text, "17");
  EXPECT_EQ(take_reply(received)->kind, Kind::nothing);
  EXPECT_EQ(take_reply(received)->kind, Kind::integer);
  EXPECT_EQ(take_reply(received)->kind, Kind::error);
  EXPECT_FALSE(take_reply(received));
  received += "cde\r\n";
  EXPECT_EQ(take_reply(received)->text, "abcde");
  EXPECT_FALSE(take_reply(received));
  received = "*2\r\n*1\r\n$1\r\n7\r\n$-1";
  EXPECT_FALSE(take_reply(received));
  received += "\r\n+next";
  const auto list = take_reply(received).value();
  EXPECT_EQ(list.items.at(0).items.at(0).text, "7");
  EXPECT_EQ(list.items.at(1).kind, Kind::nothing);
  EXPECT_EQ(received, "+next");
  received = "HTTP/1.1\r\n";
  EXPECT_THROW(take_reply(received), std::invalid_argument);
}

TEST(RedisClient, a_replica_that_refuses_has_done_nothing) {
  for (const auto& call : {read, write, cas}) {
    EXPECT_FALSE(classify(call, {Reply{Kind::error, "READONLY You can't write"}, true}));
    EXPECT_FALSE(classify(call, {{}, false}));
  }
}

TEST(RedisClient, answers_are_taken_at_their_word) {
  EXPECT_EQ(outcome(read, Kind::text, "17"), EventType::ok);
  EXPECT_EQ(outcome(read, Kind::nothing, ""), EventType::ok);
  EXPECT_EQ(outcome(write, Kind::text, "OK"), EventType::ok);
  EXPECT_EQ(outcome(cas, Kind::integer, "1"), EventType::ok);
}

TEST(RedisClient, a_refused_cas_tells_what_it_found) {
  const auto refused = classify(cas, {Reply{Kind::text, "17"}, true});
  EXPECT_EQ(refused->type, EventType::fail);
  EXPECT_EQ(refused->answer->found, history::Value(17));
  EXPECT_EQ(classify(cas, {Reply{}, true})->answer->found, history::Value());
}

Reply list_of(std::initializer_list<const char*> texts) {
  Reply reply{Kind::list};
  for (const auto* text : texts) reply.items.push_back({Kind::text, text});
  return reply;
}

const Call dequeue{"dequeue", "x", {}, workloads::Kind::queue};
const Call acquire{"acquire", "x", "c1", workloads::Kind::lock};
const Call release{"release", "x", "c1", workloads::Kind::lock};
const Call generate{"generate", "", {}, workloads::Kind::ids};
const Call transfer{"transfer", "", history::Object{{"from", "a1"}, {"to", "a2"}, {"amount", 3}},
                    workloads::Kind::accounts};
const Call steps{"txn", "", history::List{history::List{"r", "x", {}}, history::List{"w", "y", 4}},
                 workloads::Kind::transaction};

TEST(RedisClient, each_kind_of_object_has_its_answers) {
  const auto value = [](const Call& call, const Reply& reply) {
    const auto completion = classify(call, {reply, true}).value();
    EXPECT_EQ(completion.type, EventType::ok);
    return to_json(completion.value);
  };
  EXPECT_EQ(value({"read", "x", {}, workloads::Kind::list}, list_of({"1", "2"})), "[1,2]");
  EXPECT_EQ(value({"read", "x", {}, workloads::Kind::set}, list_of({})), "[]");
  EXPECT_EQ(value({"read", "x", {}, workloads::Kind::text}, {Kind::text, "17"}), "\"17\"");
  EXPECT_EQ(value({"read", "x", {}, workloads::Kind::counter}, {Kind::text, "17"}), "17");
  EXPECT_EQ(value({"read", "", {}, workloads::Kind::accounts}, list_of({"a1", "5", "a2", "7"})),
            R"({"a1":5,"a2":7})");
  EXPECT_EQ(value({"append", "x", 3, workloads::Kind::list}, {Kind::integer, "9"}), "3");
  EXPECT_EQ(value({"add", "x", 3, workloads::Kind::set}, {Kind::integer, "1"}), "3");
  EXPECT_EQ(value(dequeue, {Kind::text, "8"}), "8");
  EXPECT_EQ(value(acquire, {Kind::integer, "1"}), "\"c1\"");
  EXPECT_EQ(value(generate, {Kind::integer, "4"}), "4");
  EXPECT_EQ(value(transfer, {Kind::integer, "1"}), to_json(transfer.value));
  Reply said = list_of({"7"});
  said.items.emplace_back();
  EXPECT_EQ(value(steps, said), R"([["r","x",7],["w","y",4]])");
}

TEST(RedisClient, a_transaction_of_lists_reads_an_empty_one_where_there_is_none) {
  const Call lists{"txn", "",
                   history::List{history::List{"r", "x", {}}, history::List{"append", "x", 4},
                                 history::List{"r", "x", {}}},
                   workloads::Kind::list_transaction};
  Reply said{Kind::list};
  said.items = {Reply{}, Reply{}, list_of({"4"})};
  EXPECT_EQ(to_json(classify(lists, {said, true})->value),
            R"([["r","x",[]],["append","x",4],["r","x",[4]]])");
}

TEST(RedisClient, what_was_refused_tells_what_it_found) {
  const auto refused = classify(acquire, {Reply{Kind::text, "c2"}, true}).value();
  EXPECT_EQ(refused.type, EventType::fail);
  EXPECT_EQ(refused.answer->found, history::Value("c2"));
  EXPECT_EQ(classify(release, {Reply{}, true})->answer->found, history::Value());
  const auto empty = classify(dequeue, {Reply{}, true}).value();
  EXPECT_EQ(empty.error, "empty");
  EXPECT_EQ(empty.answer->found, history::Value());
  EXPECT_EQ(outcome(transfer, Kind::integer, "0"), EventType::fail);
}

TEST(RedisClient, replies_to_another_command_leave_a_change_unknown) {
  for (const auto& call : {generate, transfer, steps}) {
    EXPECT_EQ(outcome(call, Kind::text, "OK"), EventType::info);
  }
  for (const auto& call : {dequeue, acquire, generate, transfer, steps}) {
    EXPECT_EQ(classify(call, {{}, true})->type, EventType::info);
    EXPECT_EQ(outcome(call, Kind::error, "ERR"), EventType::info);
  }
}

TEST(RedisClient, no_command_is_one_that_a_replica_carries_out) {
  using workloads::Kind;
  for (const auto kind :
       {Kind::register_, Kind::text, Kind::list, Kind::set, Kind::counter, Kind::accounts}) {
    const auto words = command_of({"read", "x", {}, kind});
    const bool is_getex = words.at(0) == "GETEX";
    EXPECT_TRUE(is_getex || words.at(1).starts_with("redis.call('persist'")) << words.at(0);
  }
  EXPECT_THROW(command_of({"write", "x", 1, Kind::queue}), std::logic_error);
}

TEST(RedisClient, anything_else_leaves_a_command_unknown) {
  for (const auto& reply : {Reply{Kind::error, "ERR"}, Reply{Kind::text, "17"}, Reply{}}) {
    EXPECT_EQ(classify(write, {reply, true})->type, EventType::info);
  }
  for (const auto& reply : {Reply{Kind::error, "ERR"}, Reply{Kind::integer, "0"}}) {
    EXPECT_EQ(classify(cas, {reply, true})->type, EventType::info);
  }
  EXPECT_EQ(classify(write, {{}, true})->type, EventType::info);
  EXPECT_EQ(classify(read, {{}, true})->type, EventType::fail);
}

}  // namespace
}  // namespace sunder::harness::redis
