#include "harness/driver/maelstrom/protocol.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace sunder::harness::maelstrom {
namespace {

using history::EventType;
using nlohmann::json;
using workloads::Call;

const Call read{"read", "x", {}};
const Call write{"write", "x", 2};
const Call cas{"cas", "x", history::List{1, 2}};

json error(int code) {
  return {{"type", "error"}, {"code", code}, {"text", "why"}};
}

TEST(MaelstromProtocol, calls_are_those_of_lin_kv) {
  EXPECT_EQ(body_of(read), json::parse(R"({"type":"read","key":"x"})"));
  EXPECT_EQ(body_of(write), json::parse(R"({"type":"write","key":"x","value":2})"));
  EXPECT_EQ(body_of(cas), json::parse(R"({"type":"cas","key":"x","from":1,"to":2})"));
  EXPECT_THROW(body_of({"append", "x", 1}), std::logic_error);
}

TEST(MaelstromProtocol, replies_are_taken_at_their_word) {
  const auto found = classify(read, {{"type", "read_ok"}, {"value", 7}});
  EXPECT_EQ(found.type, EventType::ok);
  EXPECT_EQ(found.value, history::Value(7));
  EXPECT_EQ(classify(write, {{"type", "write_ok"}}).type, EventType::ok);
  EXPECT_EQ(classify(cas, {{"type", "cas_ok"}}).type, EventType::ok);
}

TEST(MaelstromProtocol, errors_are_definite_where_its_documentation_says_so) {
  for (const int code : {1, 10, 11, 12, 14, 20, 21, 22, 30}) {
    EXPECT_EQ(classify(cas, error(code)).type, EventType::fail) << code;
  }
  for (const int code : {0, 13, 99, 1000}) {
    EXPECT_EQ(classify(cas, error(code)).type, EventType::info) << code;
    EXPECT_EQ(classify(read, error(code)).type, EventType::fail) << code;
  }
}

TEST(MaelstromProtocol, a_refused_cas_tells_what_it_found_where_the_error_does) {
  const auto refused = [](int code, const char* text) {
    return classify(cas, {{"type", "error"}, {"code", code}, {"text", text}});
  };
  EXPECT_EQ(refused(22, "expected 1, but had 5").answer->found, history::Value(5));
  EXPECT_EQ(refused(20, "no such key").answer->found, history::Value());
  for (const char* text : {"no", "expected 9, but had 5", "expected 1, but had", "1 is not 5"}) {
    EXPECT_FALSE(refused(22, text).answer.has_value()) << text;
  }
}

TEST(MaelstromProtocol, a_key_that_does_not_exist_reads_as_nothing) {
  const auto absent = classify(read, error(20));
  EXPECT_EQ(absent.type, EventType::ok);
  EXPECT_TRUE(absent.value.is_nil());
}

TEST(MaelstromProtocol, nonsense_leaves_a_command_unknown) {
  for (const auto& body : {json{{"type", "read_ok"}}, json{{"type", "ok"}}, json{{"type", 7}},
                           json{{"type", "error"}}, json::object()}) {
    EXPECT_EQ(classify(write, body).type, EventType::info) << body;
    EXPECT_EQ(classify(read, body).type, EventType::fail) << body;
  }
}

}  // namespace
}  // namespace sunder::harness::maelstrom
