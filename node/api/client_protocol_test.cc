#include "node/api/client_protocol.h"

#include <random>
#include <string>

#include <gmock/gmock.h>

#include "node/api/refusal_test.h"

namespace sunder::client_protocol {
namespace {

using testing::HasSubstr;

std::string refusal_of(std::string_view line) {
  return refusal_by([line] { parse_request(line); });
}

Request a_transaction() {
  return {7,
          6,
          Operation::txn,
          "",
          "",
          {},
          0,
          {Request{0, 0, Operation::read, "x", "", {}}, Request{0, 0, Operation::cas, "x", "2", {}},
           Request{0, 0, Operation::push, "l", "1", {}}}};
}

TEST(ClientProtocol, a_request_survives_its_line) {
  for (const auto& request : {
           Request{7, 3, Operation::write, "k1", "17", std::nullopt},
           Request{7, 4, Operation::cas, "k1", "18", "17"},
           Request{7, 4, Operation::cas, "k1", "18", std::nullopt},
           Request{7, 5, Operation::read, "k1", "", std::nullopt},
           Request{UINT64_MAX, UINT64_MAX, Operation::append, "quote\"\\\n\t", "grüße", {}},
           Request{7, 6, Operation::push, "l", "1", {}},
           Request{7, 6, Operation::increment, "c", "", {}, INT64_MIN},
           Request{7, 6, Operation::dequeue, "q", "", {}},
           Request{7, 6, Operation::acquire, "l", "c1", {}},
           Request{7, 6, Operation::generate, "", "", {}},
           a_transaction(),
       }) {
    EXPECT_EQ(parse_request(to_json_line(request)), request) << to_json_line(request);
  }
}

TEST(ClientProtocol, a_reply_survives_its_line) {
  for (const auto& reply : {
           Reply{5, Status::ok, "18", std::nullopt, ""},
           Reply{5, Status::ok, std::nullopt, std::nullopt, ""},
           Reply{5, Status::mismatch, "", std::nullopt, ""},
           Reply{5, Status::mismatch, "1", {}, "", Index{12}, Term{2}, 0xab},
           Reply{5, Status::ok, "1", {}, "", Index{UINT64_MAX}},
           Reply{6, Status::not_leader, std::nullopt, "127.0.0.1:7001", ""},
           Reply{5, Status::ok, Values{"1", {}, 3, Values{"a", "b"}, Values{}}, {}, ""},
           Reply{5, Status::ok, INT64_MIN, {}, "", Index{12}, Term{2}, 0xab, Index{9}},
           Reply{5, Status::mismatch, "1", {}, "", Index{12}, Term{2}, 0xab, {}, 3},
           Reply{5, Status::wrong_type, {}, {}, "why"},
           Reply{6, Status::bad_request, std::nullopt, std::nullopt, "\"op\" is missing"},
       }) {
    EXPECT_EQ(parse_reply(to_json_line(reply)), reply) << to_json_line(reply);
  }
}

TEST(ClientProtocol, lines_read_as_documented) {
  EXPECT_EQ(to_json_line(Request{7, 4, Operation::cas, "k1", "18", "17"}),
            R"({"client":7,"request":4,"op":"cas","key":"k1","expected":"17","value":"18"})");
  EXPECT_EQ(to_json_line(Reply{5, Status::ok, "18", std::nullopt, ""}),
            R"({"request":5,"status":"ok","value":"18"})");
  EXPECT_EQ(to_json_line(Reply{4, Status::ok, {}, {}, "", Index{12}, Term{2}, 0xab}),
            R"({"request":4,"status":"ok","index":12,"term":2,"command":"00000000000000ab"})");
}

TEST(ClientProtocol, lines_of_each_type_read_as_documented) {
  EXPECT_EQ(to_json_line(Request{7, 4, Operation::increment, "c", "", {}, -3}),
            R"({"client":7,"request":4,"op":"increment","key":"c","amount":-3})");
  EXPECT_EQ(to_json_line(Request{7, 4, Operation::release, "l", "c1", {}}),
            R"({"client":7,"request":4,"op":"release","key":"l","owner":"c1"})");
  EXPECT_EQ(to_json_line(Request{7, 4, Operation::generate, "", "", {}}),
            R"({"client":7,"request":4,"op":"generate"})");
  EXPECT_EQ(to_json_line(a_transaction()),
            R"({"client":7,"request":6,"op":"txn","operations":[{"op":"read","key":"x"},)"
            R"({"op":"cas","key":"x","value":"2"},{"op":"push","key":"l","value":"1"}]})");
  EXPECT_EQ(to_json_line(Reply{5, Status::ok, Values{"1", {}, Values{"a"}}, {}, ""}),
            R"({"request":5,"status":"ok","value":["1",null,["a"]]})");
}

TEST(ClientProtocol, a_transaction_that_only_reads_is_a_read) {
  EXPECT_TRUE(only_reads(Request{1, 1, Operation::read, "x", "", {}}));
  EXPECT_FALSE(only_reads(Request{1, 1, Operation::dequeue, "x", "", {}}));
  auto txn = a_transaction();
  EXPECT_FALSE(only_reads(txn));
  txn.operations.resize(1);
  EXPECT_TRUE(only_reads(txn));
}

TEST(ClientProtocol, what_is_wrong_with_a_transaction_is_said_with_the_place) {
  const auto refusal = [](const std::string& operations) {
    return refusal_of(R"({"client":1,"request":1,"op":"txn","operations":)" + operations + "}");
  };
  EXPECT_EQ(refusal("[]"), "\"operations\" must be a list of operations, not []");
  EXPECT_THAT(refusal("17"), HasSubstr("\"operations\" must be a list of operations"));
  EXPECT_EQ(refusal("[17]"), "operations[0]: must be an object");
  EXPECT_EQ(refusal(R"([{"op":"read","key":"x"},{"op":"txn","operations":[]}])"),
            "\"op\" of operations[1] is \"txn\"; allowed: read, write, cas, append, push");
  EXPECT_EQ(refusal(R"([{"op":"push","key":"x"}])"),
            "operations[0]: \"value\" is missing; it must be a string");
}

TEST(ClientProtocol, a_value_of_another_kind_is_no_reply) {
  for (const auto* value : {"true", "1.5", "{}", "[[[1]]]", "9223372036854775808", "[{}]"}) {
    const auto line = std::string(R"({"request":5,"status":"ok","value":)") + value + "}";
    EXPECT_THROW(parse_reply(line), std::invalid_argument) << value;
  }
}

TEST(ClientProtocol, a_null_expectation_means_the_key_must_not_exist) {
  const auto request = parse_request(
      R"({"client":7,"request":4,"op":"cas","key":"k1","expected":null,"value":"18"})");
  EXPECT_EQ(request.expected, std::nullopt);
}

TEST(ClientProtocol, what_is_wrong_with_a_request_is_said) {
  EXPECT_EQ(refusal_of("hello"), "not JSON");
  EXPECT_EQ(refusal_of("[]"), "not a JSON object");
  EXPECT_EQ(refusal_of(R"({"request":1})"),
            "\"client\" is missing; it must be a whole number from 0");
  EXPECT_THAT(refusal_of(R"({"client":1,"request":1.5,"op":"read","key":"k"})"),
              HasSubstr("\"request\" must be a whole number from 0, not 1.5"));
  EXPECT_EQ(refusal_of(R"({"client":1,"request":1,"op":"drop","key":"k"})"),
            "\"op\" is \"drop\"; allowed: read, write, cas, append, push, add, remove, increment, "
            "enqueue, dequeue, drain, acquire, release, generate, txn");
  EXPECT_EQ(refusal_of(R"({"client":1,"request":1,"op":"write","key":"k"})"),
            "\"value\" is missing; it must be a string");
  EXPECT_THAT(refusal_of(R"({"client":1,"request":1,"op":"write","key":["k"],"value":"1"})"),
              HasSubstr("\"key\" must be a string"));
  EXPECT_EQ(refusal_of("{\"client\":1,\"request\":1,\"op\":\"read\",\"key\":\"\xff\"}"),
            "not JSON");
  EXPECT_EQ(refusal_of(std::string(100'000, '[')), "not JSON");
}

TEST(ClientProtocol, random_bytes_never_do_more_than_be_refused) {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    std::string line(random() % 200, ' ');
    for (auto& c : line) c = static_cast<char>(random());
    EXPECT_NE(refusal_of(line), "(accepted)");
  }
}

}  // namespace
}  // namespace sunder::client_protocol
