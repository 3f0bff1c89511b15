#include "harness/driver/zookeeper/client.h"

#include <string>

#include <gtest/gtest.h>

#include "harness/driver/zookeeper/greeting.h"
#include "harness/driver/zookeeper/jute.h"
#include "harness/driver/zookeeper/status.h"

namespace sunder::harness::zookeeper {
namespace {

using history::EventType;
using workloads::Call;

const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};

std::string door_of(NodeId node) {
  return "door-" + std::to_string(node.value);
}

std::string greeting(const std::string& address) {
  Encoder encoder;
  encoder.i64(-65536).i64(2).text(address);
  return encoder.message().substr(4);
}

TEST(ZooKeeperClient, a_change_that_was_done_or_found_something_else_is_definite) {
  EXPECT_EQ(classify_change(write, Answer{0, {}})->type, EventType::ok);
  EXPECT_EQ(classify_change(cas, Answer{0, {}})->type, EventType::ok);
  for (const int error : {-101, -103, -110}) {
    EXPECT_EQ(classify_change(cas, Answer{error, {}})->type, EventType::fail) << error;
  }
  EXPECT_FALSE(classify_change(write, Answer{-101, {}}));
  EXPECT_FALSE(classify_change(write, Answer{-110, {}}));
}

TEST(ZooKeeperClient, anything_else_leaves_a_change_unknown) {
  EXPECT_EQ(classify_change(write, std::nullopt)->type, EventType::info);
  EXPECT_EQ(classify_change(cas, std::nullopt)->type, EventType::info);
  EXPECT_EQ(classify_change(write, Answer{-4, {}})->type, EventType::info);
  EXPECT_EQ(classify_change(cas, Answer{-112, {}})->type, EventType::info);
  EXPECT_EQ(classify_change(write, Answer{-103, {}})->type, EventType::info);
}

TEST(ZooKeeperJute, what_is_encoded_is_decoded) {
  Encoder encoder;
  encoder.i32(-2).i64(1LL << 40).text("abc");
  const auto message = encoder.message();
  Decoder decoder(message);
  EXPECT_EQ(decoder.i32(), static_cast<std::int32_t>(message.size()) - 4);
  EXPECT_EQ(decoder.i32(), -2);
  EXPECT_EQ(decoder.i64(), 1LL << 40);
  EXPECT_EQ(decoder.text(), "abc");
  EXPECT_THROW(decoder.i32(), std::invalid_argument);
}

TEST(ZooKeeperGreeting, tells_of_the_door_once_it_is_whole) {
  const auto whole = greeting("127.0.0.1:7300") + "rest";
  EXPECT_EQ(edit_greeting(whole, door_of), greeting("door-2") + "rest");
  for (std::size_t size = 0; size < greeting("127.0.0.1:7300").size(); ++size) {
    EXPECT_FALSE(edit_greeting(whole.substr(0, size), door_of)) << size;
  }
  const std::string other(40, 'x');
  EXPECT_EQ(edit_greeting(other, door_of), other);
}

TEST(ZooKeeperStatus, one_that_serves_says_what_it_is) {
  EXPECT_EQ(parse_status("Zookeeper version: 3.8.0\nMode: leader\nNode count: 5\n")->role,
            NodeStatus::Role::leader);
  EXPECT_EQ(parse_status("Zxid: 0x1\nMode: follower\nNode count: 5\n")->role,
            NodeStatus::Role::follower);
  EXPECT_FALSE(parse_status("This ZooKeeper instance is not currently serving requests\n"));
}

}  // namespace
}  // namespace sunder::harness::zookeeper
