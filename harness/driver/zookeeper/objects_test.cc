#include "harness/driver/zookeeper/objects.h"

#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "harness/driver/value_text.h"
#include "harness/driver/zookeeper/client.h"

namespace sunder::harness::zookeeper {
namespace {

using history::EventType;
using workloads::Call;
using workloads::Kind;

/// The operations of a multi, one a text: "set /x 2 @3", "check /y @4", "create /z 1", "remove /z".
std::vector<std::string> operations_in(const std::string& message) {
  Decoder decoder(message);
  decoder.i32();
  std::vector<std::string> operations;
  while (true) {
    const auto type = decoder.i32();
    const bool is_end = decoder.boolean();
    decoder.i32();
    if (is_end) return operations;
    auto path = decoder.text();
    if (type == 1) {
      operations.push_back("create " + path + " " + decoder.text());
      decoder.i32();
      decoder.i32();
      decoder.text();
      decoder.text();
      decoder.i32();
    } else if (type == 2) {
      decoder.i32();
      operations.push_back("remove " + path);
    } else {
      auto operation = (type == 5 ? "set " + path + " " + decoder.text() : "check " + path) + " @";
      operations.push_back(operation + std::to_string(decoder.i32()));
    }
  }
}

TEST(ZooKeeperObjects, a_guarded_write_checks_every_key_that_was_read) {
  const Snapshot snapshot{{"a", {}}, {"b", {}}, {"x", {"1", 3}}, {"y", {"1", 4}}};
  const Change change{{{"b", "9"}, {"x", "2"}}, {}};
  EXPECT_EQ(operations_in(multi_of(snapshot, change).message()),
            (std::vector<std::string>{"create /a ", "remove /a", "create /b 9", "set /x 2 @3",
                                      "check /y @4"}));
}

TEST(ZooKeeperObjects, accounts_are_opened_with_their_folder_by_one_multi) {
  const Call open{"open", {}, history::Object{{"a1", 7}, {"a2", 5}}, Kind::accounts};
  EXPECT_EQ(operations_in(opening_of(open).message()),
            (std::vector<std::string>{"create /account ", "create /account/a1 7",
                                      "create /account/a2 5"}));
  EXPECT_EQ(classify_change(open, Answer{-110, {}})->error, "the accounts exist");
}

TEST(ZooKeeperObjects, a_folder_lists_its_accounts_and_their_nodes_hold_the_balances) {
  Encoder listed;
  listed.i32(2).text("a2").text("a1");
  const auto keys = accounts_in(listed.message().substr(4));
  EXPECT_EQ(keys, (std::set<std::string>{"account/a1", "account/a2"}));
  EXPECT_THROW(accounts_in("x"), std::invalid_argument);
  EXPECT_EQ(balances_in({{"account/a1", {"7", 3}}, {"account/a2", {"5", 1}}}),
            history::Value(history::Object{{"a1", 7}, {"a2", 5}}));
}

TEST(ZooKeeperObjects, a_set_is_a_list_that_has_each_element_once) {
  using history::List;
  const auto changed = [](const std::string& f, const List& before) {
    const Found found{to_stored_list(before), 1};
    const auto next = change_of({f, "s", 2, Kind::set}, {{"s", found}});
    return value_in(Kind::set, std::get<Change>(next).puts.at("s"));
  };
  EXPECT_EQ(changed("add", {1}), history::Value(List{1, 2}));
  EXPECT_EQ(changed("add", {2, 1}), history::Value(List{1, 2}));
  EXPECT_EQ(changed("remove", {2, 1}), history::Value(List{1}));
  EXPECT_EQ(value_in(Kind::set, std::nullopt), history::Value(List{}));
}

std::string results(const std::vector<int>& errors) {
  Encoder body;
  for (const auto error : errors) body.i32(-1).boolean(false).i32(error).i32(error);
  body.i32(-1).boolean(true).i32(-1);
  return body.message().substr(4);
}

TEST(ZooKeeperObjects, the_error_of_a_multi_is_that_of_the_operation_that_failed) {
  EXPECT_EQ(error_of_multi(results({0, -103, -2})), -103);
  EXPECT_EQ(error_of_multi(results({-110, -2})), -110);
  Encoder done;
  done.i32(13).boolean(false).i32(-1).i32(-1).boolean(true).i32(-1);
  EXPECT_EQ(error_of_multi(done.message().substr(4)), 0);
  EXPECT_THROW(error_of_multi(results({0, -2})), std::invalid_argument);
  EXPECT_THROW(error_of_multi(""), std::invalid_argument);
}

TEST(ZooKeeperObjects, what_compares_is_refused_by_what_is_there_and_a_write_tries_the_other_way) {
  const Answer exists{-110, {}};
  EXPECT_EQ(classify_change({"acquire", "l", "c1", Kind::lock}, exists)->error, "held");
  EXPECT_EQ(classify_change({"release", "l", "c1", Kind::lock}, Answer{-103, {}})->error,
            "not held");
  const Call txn{"txn", "", history::List{history::List{"w", "x", 1}}, Kind::transaction};
  EXPECT_EQ(classify_change(txn, exists)->type, EventType::fail);
  EXPECT_EQ(classify_change(txn, std::nullopt)->type, EventType::info);
  EXPECT_FALSE(classify_change({"generate", "", {}, Kind::ids}, exists));
}

TEST(ZooKeeperObjects, the_zxid_of_a_change_is_its_version_a_fencing_token_and_an_id) {
  const Answer done{0, {}, 7};
  const Call versioned{"write", "x", 2, Kind::versioned_register};
  EXPECT_EQ(classify_change(versioned, done)->answer->revision, 7);
  EXPECT_EQ(classify_change({"acquire", "l", "c1", Kind::lock}, done)->value, history::Value(7));
  EXPECT_EQ(classify_change({"generate", "", {}, Kind::ids}, done)->value, history::Value(7));
}

}  // namespace
}  // namespace sunder::harness::zookeeper
