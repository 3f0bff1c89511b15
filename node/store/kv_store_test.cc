#include "node/store/kv_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sunder::kv_store_test {
namespace {

using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using client_protocol::Value;
using client_protocol::Values;

/// A store to which commands are given one after the other.
struct Told {
  KvStore store;
  std::uint64_t entries = 0;

  Reply tell(const Request& request) { return store.apply(request, Index{++entries}); }
  Reply tell(Operation operation, const std::string& key, const std::string& value = "") {
    return tell(Request{1, 1, operation, key, value, {}});
  }
  Reply increment(const std::string& key, std::int64_t amount) {
    return tell(Request{1, 1, Operation::increment, key, "", {}, amount});
  }
  Reply txn(std::vector<Request> operations) {
    return tell(Request{1, 1, Operation::txn, "", "", {}, 0, std::move(operations)});
  }
  Value read(const std::string& key) const { return store.read(key); }
};

Request step(Operation operation, const std::string& key, const std::string& value = "",
             std::optional<std::string> expected = {}) {
  return {0, 0, operation, key, value, std::move(expected)};
}

TEST(KvStore, a_list_has_its_elements_in_the_order_of_the_pushes) {
  Told told;
  EXPECT_TRUE(told.read("l").is_null());
  EXPECT_EQ(told.tell(Operation::push, "l", "b").status, Status::ok);
  told.tell(Operation::push, "l", "a");
  told.tell(Operation::push, "l", "b");
  EXPECT_EQ(told.read("l"), (Values{"b", "a", "b"}));
}

TEST(KvStore, a_set_has_each_element_once_until_it_is_removed) {
  Told told;
  for (const auto* element : {"b", "a", "b"}) told.tell(Operation::add, "s", element);
  EXPECT_EQ(told.read("s"), (Values{"a", "b"}));
  EXPECT_EQ(told.tell(Operation::remove, "s", "b").status, Status::ok);
  EXPECT_EQ(told.tell(Operation::remove, "s", "never added").status, Status::ok);
  EXPECT_EQ(told.read("s"), Values{"a"});
  told.tell(Operation::remove, "s", "a");
  EXPECT_EQ(told.read("s"), Values{});
}

TEST(KvStore, a_counter_adds_up_and_stays_within_64_bits) {
  Told told;
  told.increment("c", 5);
  told.increment("c", -7);
  EXPECT_EQ(told.read("c"), -2);
  const auto refused = told.increment("c", INT64_MIN);
  EXPECT_EQ(refused.status, Status::out_of_range);
  EXPECT_EQ(refused.value, -2);
  EXPECT_EQ(told.read("c"), -2);
  EXPECT_EQ(told.increment("c", INT64_MAX).status, Status::ok);
}

TEST(KvStore, a_queue_answers_in_the_order_of_the_enqueues_and_says_when_it_is_empty) {
  Told told;
  EXPECT_EQ(told.tell(Operation::dequeue, "q").status, Status::empty);
  EXPECT_TRUE(told.read("q").is_null()) << "a refusal makes no queue";
  for (const auto* element : {"a", "b", "c", "d"}) told.tell(Operation::enqueue, "q", element);
  EXPECT_EQ(told.tell(Operation::dequeue, "q").value, "a");
  EXPECT_EQ(told.tell(Operation::dequeue, "q").value, "b");
  EXPECT_EQ(told.read("q"), (Values{"c", "d"}));
  EXPECT_EQ(told.tell(Operation::drain, "q").value, (Values{"c", "d"}));
  EXPECT_EQ(told.tell(Operation::dequeue, "q").status, Status::empty);
  EXPECT_EQ(told.tell(Operation::drain, "q").value, Values{});
}

TEST(KvStore, a_lock_has_one_owner_and_a_token_that_grows_with_each_acquire) {
  Told told;
  EXPECT_EQ(told.tell(Operation::release, "l", "c1").status, Status::not_held);
  EXPECT_EQ(told.tell(Operation::acquire, "l", "c1").value, 1);
  const auto held = told.tell(Operation::acquire, "l", "c2");
  EXPECT_EQ(held.status, Status::held);
  EXPECT_EQ(held.value, "c1");
  EXPECT_EQ(told.tell(Operation::acquire, "l", "c1").status, Status::held) << "not twice";
  const auto foreign = told.tell(Operation::release, "l", "c2");
  EXPECT_EQ(foreign.status, Status::not_held);
  EXPECT_EQ(foreign.value, "c1");
  EXPECT_EQ(told.tell(Operation::release, "l", "c1").status, Status::ok);
  EXPECT_EQ(told.read("l"), (Values{1, {}}));
  EXPECT_EQ(told.tell(Operation::acquire, "l", "c2").value, 2);
  EXPECT_EQ(told.read("l"), (Values{2, "c2"}));
}

TEST(KvStore, no_id_is_generated_twice) {
  Told told;
  const auto first = told.tell(Request{1, 1, Operation::generate, "", "", {}});
  const auto second = told.tell(Request{2, 1, Operation::generate, "", "", {}});
  EXPECT_EQ(first.value, 1);
  EXPECT_EQ(second.value, 2);
}

TEST(KvStore, an_operation_on_a_value_of_another_type_is_refused_and_changes_nothing) {
  Told told;
  const std::vector<std::pair<std::string, Operation>> makers{
      {"text", Operation::write},    {"list", Operation::push},
      {"set", Operation::add},       {"counter", Operation::increment},
      {"queue", Operation::enqueue}, {"lock", Operation::acquire}};
  for (const auto& [key, operation] : makers) told.tell(operation, key, "x");
  const auto digest = told.store.digest();
  for (const auto& [key, its_own] : makers) {
    for (const auto& [type, operation] : makers) {
      if (type == key) continue;
      const auto reply = told.tell(operation, key, "y");
      EXPECT_EQ(reply.status, Status::wrong_type) << key << " " << type;
      const auto told_types = fmt::format("is for a {}, and the key has a {}", type, key);
      EXPECT_NE(reply.message.find(told_types), std::string::npos) << reply.message;
    }
  }
  EXPECT_EQ(told.tell(Operation::cas, "set", "y").status, Status::wrong_type);
  EXPECT_EQ(told.store.digest(), digest);
}

TEST(KvStore, a_transaction_answers_its_reads_which_see_what_it_has_done_so_far) {
  Told told;
  told.tell(Operation::write, "x", "1");
  const auto reply = told.txn({step(Operation::read, "x"), step(Operation::cas, "x", "2", "1"),
                               step(Operation::push, "l", "a"), step(Operation::read, "x"),
                               step(Operation::append, "x", "3"), step(Operation::read, "l"),
                               step(Operation::read, "absent")});
  EXPECT_EQ(reply.status, Status::ok);
  EXPECT_EQ(reply.value, (Values{"1", {}, {}, "2", {}, Values{"a"}, {}}));
  EXPECT_EQ(told.read("x"), "23");
  EXPECT_EQ(told.read("l"), Values{"a"});
}

TEST(KvStore, a_refused_cas_or_type_refuses_the_whole_transaction) {
  Told told;
  told.tell(Operation::write, "x", "1");
  told.tell(Operation::add, "s", "1");
  const auto digest = told.store.digest();
  const auto mismatch =
      told.txn({step(Operation::write, "y", "2"), step(Operation::cas, "x", "2", "other")});
  EXPECT_EQ(mismatch.status, Status::mismatch);
  EXPECT_EQ(mismatch.value, "1");
  EXPECT_EQ(mismatch.at, 1u);
  const auto wrong = told.txn({step(Operation::write, "x", "2"), step(Operation::push, "s", "2")});
  EXPECT_EQ(wrong.status, Status::wrong_type);
  EXPECT_EQ(wrong.at, 1u);
  const auto own =
      told.txn({step(Operation::push, "new", "1"), step(Operation::write, "new", "2")});
  EXPECT_EQ(own.status, Status::wrong_type) << "the type that the transaction itself gave it";
  EXPECT_EQ(told.store.digest(), digest);
  EXPECT_TRUE(told.read("y").is_null());
}

TEST(KvStore, a_read_says_which_entry_changed_the_key_last) {
  Told told;
  told.tell(Operation::write, "x", "1");
  told.tell(Operation::write, "y", "1");
  EXPECT_EQ(told.store.read(Request{1, 1, Operation::read, "x", "", {}}).version, Index{1});
  const auto refused = told.tell(step(Operation::cas, "x", "2", "other"));
  EXPECT_EQ(refused.version, Index{1});
  told.txn({step(Operation::cas, "x", "2", "1")});
  EXPECT_EQ(told.store.read(Request{1, 1, Operation::read, "x", "", {}}).version, Index{4});
  EXPECT_EQ(told.store.read(Request{1, 1, Operation::read, "z", "", {}}).version, std::nullopt);
}

TEST(KvStore, equal_objects_have_equal_digests_whatever_happened_to_them_before) {
  const auto digest_after = [](const std::vector<std::pair<Operation, std::string>>& commands) {
    Object object = empty_object_for(commands.front().first);
    for (const auto& [operation, value] : commands) change(object, step(operation, "", value));
    return digest_of(object);
  };
  using enum Operation;
  EXPECT_EQ(digest_after({{append, "a"}, {append, "bc"}}), digest_after({{write, "abc"}}));
  EXPECT_EQ(digest_after({{add, "a"}, {add, "c"}, {add, "b"}, {remove, "c"}}),
            digest_after({{add, "b"}, {add, "a"}}));
  EXPECT_EQ(digest_after({{enqueue, "a"}, {enqueue, "b"}, {dequeue, ""}, {enqueue, "c"}}),
            digest_after({{enqueue, "b"}, {enqueue, "c"}}));
  EXPECT_EQ(digest_after({{enqueue, "a"}, {drain, ""}, {enqueue, "c"}}),
            digest_after({{enqueue, "c"}}));
  EXPECT_NE(digest_after({{push, "a"}, {push, "b"}}), digest_after({{push, "b"}, {push, "a"}}));
  EXPECT_NE(digest_after({{push, "ab"}}), digest_after({{push, "a"}, {push, "b"}}));
  EXPECT_NE(digest_after({{acquire, "c1"}}),
            digest_after({{acquire, "c1"}, {release, "c1"}, {acquire, "c1"}}))
      << "the token is part of a lock";
}

/// Copies share what neither changes, so a change of one must not show in the other.
TEST(KvStore, a_copied_object_stays_as_it_was) {
  using enum Operation;
  const std::vector<std::pair<Operation, Operation>> changes{
      {append, append}, {push, push}, {add, remove}, {enqueue, dequeue}};
  for (const auto& [first, second] : changes) {
    Object object = empty_object_for(first);
    for (const auto* value : {"a", "b", "c"}) change(object, step(first, "", value));
    auto copy = object;
    const auto before = shown(object);
    const auto digest = digest_of(object);
    change(copy, step(first, "", "d"));
    change(copy, step(second, "", "a"));
    const auto changed = shown(copy);
    EXPECT_EQ(shown(object), before);
    EXPECT_NE(changed, before);
    change(object, step(second, "", "b"));
    EXPECT_EQ(shown(copy), changed);
    object = copy;
    EXPECT_EQ(shown(object), changed);
    EXPECT_NE(digest_of(object), digest);
  }
}

TEST(KvStore, bytes_of_no_known_type_are_no_object) {
  ByteReader in(std::string_view("\x06xxxxxxxxxxxxxxxx", 17));
  EXPECT_THROW(load_object(in), std::runtime_error);
}

}  // namespace
}  // namespace sunder::kv_store_test
