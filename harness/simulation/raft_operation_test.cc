#include <map>
#include <stdexcept>

#include <gtest/gtest.h>

#include "harness/driver/raft/accounts.h"
#include "harness/driver/raft/operation.h"
#include "node/store/kv_store.h"

namespace sunder::harness {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Values;
using history::List;
using workloads::Call;
using workloads::Kind;

/// The node's own store, which a line reaches and whose answer is a line.
class Node {
 public:
  Reply ask(const Request& request) {
    const auto heard = client_protocol::parse_request(to_json_line(request));
    const auto reply =
        only_reads(heard) ? store_.read(heard) : store_.apply(heard, Index{++entries_});
    return client_protocol::parse_reply(to_json_line(reply));
  }
  Reply ask(const Call& call) { return ask(raft_request(call)); }
  history::Value answer(const Call& call) { return raft_answer(call, ask(call)); }

 private:
  KvStore store_;
  std::uint64_t entries_ = 0;
};

TEST(RaftOperation, each_kind_of_object_answers_in_the_form_of_histories) {
  Node node;
  const auto answer = [&](Kind kind, const std::string& f, const history::Value& value = {}) {
    const bool has_key = kind != Kind::ids && kind != Kind::transaction;
    return node.answer({f, has_key ? "of " + std::string(name_of(kind)) : "", value, kind});
  };
  EXPECT_EQ(answer(Kind::list, "read"), List{});
  EXPECT_EQ(answer(Kind::list, "append", 7), history::Value(7));
  answer(Kind::list, "append", "a");
  EXPECT_EQ(answer(Kind::list, "read"), (List{7, "a"}));
  EXPECT_EQ(answer(Kind::set, "read"), List{});
  answer(Kind::set, "add", 7);
  answer(Kind::set, "add", 8);
  answer(Kind::set, "remove", 7);
  EXPECT_EQ(answer(Kind::set, "read"), List{8});
  EXPECT_EQ(answer(Kind::counter, "read"), history::Value(0));
  EXPECT_EQ(answer(Kind::counter, "add", -3), history::Value(-3));
  EXPECT_EQ(answer(Kind::counter, "read"), history::Value(-3));
  for (const int element : {1, 2, 3}) answer(Kind::queue, "enqueue", element);
  EXPECT_EQ(answer(Kind::queue, "dequeue"), history::Value(1));
  EXPECT_EQ(answer(Kind::queue, "drain"), (List{2, 3}));
  EXPECT_EQ(answer(Kind::lock, "acquire", "c3"), history::Value(1));
  EXPECT_EQ(answer(Kind::lock, "release", "c3"), history::Value("c3"));
  EXPECT_EQ(answer(Kind::lock, "acquire", "c4"), history::Value(2));
  answer(Kind::text, "write", "1");
  answer(Kind::text, "append", "2");
  EXPECT_EQ(answer(Kind::text, "read"), history::Value("12")) << "digits are text here";
  EXPECT_EQ(answer(Kind::register_, "read"), history::Value());
  answer(Kind::register_, "cas", List{{}, 5});
  EXPECT_EQ(answer(Kind::register_, "read"), history::Value(5));
  EXPECT_NE(answer(Kind::ids, "generate"), answer(Kind::ids, "generate"));
}

TEST(RaftOperation, a_transaction_is_answered_with_what_was_read) {
  Node node;
  const Call call{"txn", "", List{List{"w", 1, 5}, List{"r", 1}, List{"r", "absent", {}}},
                  Kind::transaction};
  EXPECT_EQ(node.answer(call), (List{List{"w", 1, 5}, List{"r", 1, 5}, List{"r", "absent", {}}}));
  EXPECT_FALSE(workloads::only_reads(call));
  const Call lists{"txn", "", List{List{"append", "l", 6}, List{"r", "l"}, List{"r", "absent", {}}},
                   Kind::list_transaction};
  EXPECT_EQ(node.answer(lists),
            (List{List{"append", "l", 6}, List{"r", "l", List{6}}, List{"r", "absent", List{}}}));
  const Call reads{"txn", "", List{List{"r", 1, {}}, List{"r", 2, {}}}, Kind::transaction};
  EXPECT_TRUE(workloads::only_reads(reads));
  EXPECT_EQ(node.answer(reads), (List{List{"r", 1, 5}, List{"r", 2, {}}}));
}

TEST(RaftOperation, what_the_node_cannot_do_is_refused_before_it_leaves) {
  EXPECT_THROW(raft_request({"increment", "k", 1, Kind::counter}), std::logic_error);
  EXPECT_THROW(raft_request({"add", "k", "1", Kind::counter}), std::logic_error);
  EXPECT_THROW(raft_request({"cas", "k", 1, Kind::register_}), std::logic_error);
  EXPECT_THROW(raft_request({"txn", "", List{}, Kind::transaction}), std::logic_error);
  for (const char* f : {"add", "append"}) {
    EXPECT_THROW(raft_request({"txn", "", List{List{f, 1, 2}}, Kind::transaction}),
                 std::logic_error);
  }
}

class RaftAccounts : public testing::Test {
 protected:
  static history::Object object(std::initializer_list<std::pair<std::string, history::Value>> all) {
    return all;
  }
  static Call transfer(const std::string& from, const std::string& to, int amount) {
    return {"transfer", "", object({{"from", from}, {"to", to}, {"amount", amount}}),
            Kind::accounts};
  }
  history::Value balances() {
    const auto names = accounts::names_in(node_.ask(accounts::to_learn_names()));
    return accounts::balances_in(names, node_.ask(accounts::to_read(names)));
  }
  Status move(const Call& call) {
    const auto request = accounts::to_transfer(call, node_.ask(accounts::to_prepare(call)));
    return request ? node_.ask(*request).status : Status::empty;
  }

  Node node_;
  const Call open_{"open", "", object({{"a1", 10}, {"a2", 5}}), Kind::accounts};
};

TEST_F(RaftAccounts, are_opened_once) {
  EXPECT_TRUE(accounts::names_in(node_.ask(accounts::to_learn_names())).empty());
  EXPECT_EQ(node_.ask(accounts::to_open(open_)).status, Status::ok);
  EXPECT_EQ(move(transfer("a1", "a2", 4)), Status::ok);
  EXPECT_EQ(node_.ask(accounts::to_open(open_)).status, Status::mismatch);
  EXPECT_EQ(balances(), object({{"a1", 6}, {"a2", 9}}));
}

TEST_F(RaftAccounts, a_transfer_needs_enough_and_accounts_that_exist) {
  node_.ask(accounts::to_open(open_));
  const auto prepared = [&](const Call& call) {
    return accounts::to_transfer(call, node_.ask(accounts::to_prepare(call)));
  };
  EXPECT_FALSE(prepared(transfer("a1", "a2", 11)));
  EXPECT_FALSE(prepared(transfer("a1", "a9", 1)));
  EXPECT_EQ(move(transfer("a1", "a1", 10)), Status::ok);
  EXPECT_EQ(balances(), object({{"a1", 10}, {"a2", 5}}));
}

TEST_F(RaftAccounts, a_transfer_is_refused_if_an_account_has_changed_since_it_was_read) {
  node_.ask(accounts::to_open(open_));
  const auto slow = transfer("a1", "a2", 1);
  const auto read = node_.ask(accounts::to_prepare(slow));
  EXPECT_EQ(move(transfer("a2", "a1", 5)), Status::ok);
  EXPECT_EQ(node_.ask(*accounts::to_transfer(slow, read)).status, Status::mismatch);
  EXPECT_EQ(balances(), object({{"a1", 15}, {"a2", 0}}));
}

}  // namespace
}  // namespace sunder::harness
