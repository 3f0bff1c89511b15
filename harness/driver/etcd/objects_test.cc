#include "harness/driver/etcd/objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/driver/base64.h"
#include "harness/driver/etcd/client.h"

namespace sunder::harness::etcd {
namespace {

using history::EventType;
using history::List;
using history::Value;
using nlohmann::json;
using workloads::Call;
using workloads::Completion;
using workloads::Kind;

const json etcd_header{{"member_id", "2"}, {"revision", "9"}};

json range(std::initializer_list<std::pair<const char*, const char*>> entries) {
  json answer{{"header", etcd_header}};
  for (const auto& [key, text] : entries) {
    answer["kvs"].push_back(
        {{"key", to_base64(key)}, {"value", to_base64(text)}, {"mod_revision", "5"}});
  }
  return answer;
}

/// The answer to a look at keys of which each has that text; null for none.
json seen(std::initializer_list<const char*> texts) {
  json answer{{"header", etcd_header}, {"succeeded", true}};
  for (const auto* text : texts) {
    answer["responses"].push_back(
        {{"response_range", text == nullptr ? range({}) : range({{"k", text}})}});
  }
  return answer;
}

std::string read_value(Kind kind, const json& answer) {
  return to_json(completion_of({"read", "x", {}, kind}, answer).value);
}

/// "puts -> answer" or the error.
std::string follows(const Call& call, const json& answer) {
  EXPECT_TRUE(is_guarded(call));
  const auto next = change_of(call, snapshot_of(call, answer));
  if (const auto* ended = std::get_if<Completion>(&next)) {
    return ended->type == EventType::ok ? to_json(ended->value) : ended->error;
  }
  const auto& change = std::get<Change>(next);
  return json(change.puts).dump() + " -> " + to_json(change.answer);
}

TEST(EtcdObjects, each_kind_is_read_as_it_is_stored) {
  EXPECT_EQ(read_value(Kind::list, range({{"x", R"(["1","a"])"}})), R"([1,"a"])");
  EXPECT_EQ(read_value(Kind::list, range({})), "[]");
  EXPECT_EQ(read_value(Kind::set, range({{"x/3", "3"}, {"x/4", "4"}})), "[3,4]");
  EXPECT_EQ(read_value(Kind::text, range({{"x", "17"}})), R"("17")");
  EXPECT_EQ(read_value(Kind::counter, range({{"x", "17"}})), "17");
  EXPECT_EQ(read_value(Kind::accounts, range({{"account/a1", "5"}, {"account/a2", "7"}})),
            R"({"a1":5,"a2":7})");
}

TEST(EtcdObjects, the_version_of_a_register_is_the_revision_of_its_last_change) {
  const Call look{"read", "x", {}, Kind::versioned_register};
  EXPECT_EQ(completion_of(look, range({{"x", "1"}})).answer->revision, 5);
  EXPECT_FALSE(completion_of(look, range({})).answer);
  const Call change{"write", "x", 1, Kind::versioned_register};
  EXPECT_EQ(completion_of(change, {{"header", etcd_header}}).answer->revision, 9);
}

TEST(EtcdObjects, elements_of_a_set_are_keys_of_their_own) {
  const auto add = request_of({"add", "x", 3, Kind::set}, Reads::linearizable);
  EXPECT_EQ(add.target, "/v3/kv/put");
  EXPECT_EQ(add.body["key"], to_base64("x/3"));
  const auto whole = request_of({"read", "x", {}, Kind::set}, Reads::serializable);
  EXPECT_EQ(whole.body["key"], to_base64("x/"));
  EXPECT_EQ(whole.body["range_end"], to_base64("x0"));
  EXPECT_EQ(whole.body["serializable"], true);
}

TEST(EtcdObjects, a_lock_is_taken_with_the_revision_that_created_it) {
  const Call acquire{"acquire", "x", "c1", Kind::lock};
  const json taken{{"header", etcd_header}, {"succeeded", true}};
  EXPECT_EQ(completion_of(acquire, taken).value, Value(9));
  const json held{{"header", etcd_header},
                  {"responses", {{{"response_range", range({{"x", "c2"}})}}}}};
  EXPECT_EQ(completion_of(acquire, held).type, EventType::fail);
  EXPECT_EQ(completion_of(acquire, held).answer->found, Value("c2"));
  EXPECT_EQ(completion_of({"release", "x", "c1", Kind::lock}, held).error, "not held");
  EXPECT_EQ(completion_of({"generate", "", {}, Kind::ids}, {{"header", etcd_header}}).value,
            Value(9));
}

TEST(EtcdObjects, a_guarded_write_follows_from_what_was_there) {
  EXPECT_EQ(follows({"append", "x", 2, Kind::list}, seen({R"(["1"])"})),
            R"({"x":"[\"1\",\"2\"]"} -> 2)");
  EXPECT_EQ(follows({"enqueue", "x", 2, Kind::queue}, seen({nullptr})), R"({"x":"[\"2\"]"} -> 2)");
  EXPECT_EQ(follows({"dequeue", "x", {}, Kind::queue}, seen({R"(["1","2"])"})),
            R"({"x":"[\"2\"]"} -> 1)");
  EXPECT_EQ(follows({"append", "x", "2;", Kind::text}, seen({"1;"})), R"({"x":"1;2;"} -> "2;")");
  EXPECT_EQ(follows({"add", "x", 2, Kind::counter}, seen({"5"})), R"({"x":"7"} -> 2)");
}

TEST(EtcdObjects, an_empty_queue_is_evidence) {
  const Call dequeue{"dequeue", "x", {}, Kind::queue};
  for (const auto* text : {"[]", static_cast<const char*>(nullptr)}) {
    const auto next = change_of(dequeue, snapshot_of(dequeue, seen({text})));
    const auto& ended = std::get<Completion>(next);
    EXPECT_EQ(ended.error, "empty");
    EXPECT_EQ(ended.answer->found, Value());
  }
}

TEST(EtcdObjects, a_transfer_needs_the_money) {
  const Call transfer{"transfer", "", history::Object{{"from", "b"}, {"to", "a"}, {"amount", 3}},
                      Kind::accounts};
  EXPECT_EQ(follows(transfer, seen({"1", "4"})),
            R"({"account/a":"4","account/b":"1"} -> {"from":"b","to":"a","amount":3})");
  EXPECT_EQ(follows(transfer, seen({"9", "2"})), "insufficient");
}

TEST(EtcdObjects, a_transaction_reads_what_it_wrote_itself) {
  const Call steps{"txn", "",
                   List{List{"r", "x", Value()}, List{"w", "x", 4}, List{"r", "x", Value()},
                        List{"r", "y", Value()}},
                   Kind::transaction};
  EXPECT_EQ(follows(steps, seen({"1", nullptr})),
            R"({"x":"4"} -> [["r","x",1],["w","x",4],["r","x",4],["r","y",null]])");
  const Call reads{"txn", "", List{List{"r", "x", Value()}}, Kind::transaction};
  EXPECT_EQ(follows(reads, seen({"1"})), R"([["r","x",1]])");
}

TEST(EtcdObjects, a_transaction_of_lists_appends_to_what_it_has) {
  const Call steps{"txn", "",
                   List{List{"append", "x", 4}, List{"r", "x", Value()}, List{"append", "x", 5},
                        List{"r", "y", Value()}},
                   Kind::list_transaction};
  EXPECT_EQ(follows(steps, seen({R"(["1"])", nullptr})),
            R"({"x":"[\"1\",\"4\",\"5\"]"} -> )"
            R"([["append","x",4],["r","x",[1,4]],["append","x",5],["r","y",[]]])");
}

TEST(EtcdObjects, only_the_keys_are_compared_that_the_way_of_use_says) {
  const Snapshot snapshot{{"x", {"1", 5}}, {"y", {"1", 6}}};
  const auto compared = [&](Compares compares) {
    return guarded({{{"y", "2"}}, 2}, snapshot, compares).body["compare"];
  };
  EXPECT_EQ(compared(Compares::all).size(), 2U);
  ASSERT_EQ(compared(Compares::written).size(), 1U);
  EXPECT_EQ(compared(Compares::written)[0]["mod_revision"], "6");
  EXPECT_TRUE(compared(Compares::none).empty());
}

TEST(EtcdObjects, only_a_transaction_that_reads_may_look_at_what_one_node_has) {
  const auto look = [](const char* f, Reads reads) {
    const Call call{"txn", "", List{List{f, "x", 1}}, Kind::transaction};
    return look_of(call, reads).body["success"][0]["request_range"].contains("serializable");
  };
  EXPECT_TRUE(look("r", Reads::serializable));
  EXPECT_FALSE(look("r", Reads::linearizable));
  EXPECT_FALSE(look("w", Reads::serializable));
}

TEST(EtcdObjects, a_change_is_made_only_if_all_keys_are_as_they_were) {
  const Snapshot snapshot{{"x", {"1", 5}}, {"y", {}}};
  const auto request = guarded({{{"x", "2"}}, 2}, snapshot, Compares::all);
  EXPECT_EQ(request.body["compare"][0]["mod_revision"], "5");
  EXPECT_EQ(request.body["compare"][1]["mod_revision"], "0");
  const Call append{"append", "x", 2, Kind::list};
  const Change change{{{"x", "2"}}, 2};
  const auto outcome = [&](const json& answer) {
    return classify_change(append, change, {HttpReply{200, answer.dump()}, true})->type;
  };
  EXPECT_EQ(outcome({{"header", etcd_header}, {"succeeded", true}}), EventType::ok);
  EXPECT_EQ(outcome({{"header", etcd_header}}), EventType::fail);
  EXPECT_EQ(outcome({{"succeeded", true}}), EventType::info);
  EXPECT_EQ(classify_change(append, change, {{}, true})->type, EventType::info);
  EXPECT_FALSE(classify_change(append, change, {{}, false}));
}

}  // namespace
}  // namespace sunder::harness::etcd
