#include "node/api/admin_protocol.h"

#include <gmock/gmock.h>

#include "node/api/client_protocol.h"
#include "node/api/refusal_test.h"

namespace sunder::admin_protocol {
namespace {

using testing::HasSubstr;

std::string refusal_of(std::string_view line) {
  return refusal_by([line] { parse_request(line); });
}

TEST(AdminProtocol, a_request_survives_its_line) {
  for (const auto& request :
       {Request{1, Action::add, {NodeId{4}, NodeId{5}}}, Request{2, Action::remove, {NodeId{1}}},
        Request{3, Action::transfer, {NodeId{2}}}, Request{4, Action::show},
        Request{5, Action::clock, {}, {1.5, std::chrono::microseconds(-250)}}}) {
    const auto line = to_json_line(request);
    EXPECT_TRUE(is_admin_line(line));
    EXPECT_EQ(parse_request(line), request) << line;
  }
  EXPECT_EQ(to_json_line(Request{1, Action::add, {NodeId{4}}}),
            R"({"request":1,"admin":"add","nodes":[4]})");
}

TEST(AdminProtocol, a_clients_line_is_not_an_administrators) {
  using client_protocol::Operation;
  EXPECT_FALSE(is_admin_line(client_protocol::to_json_line(
      client_protocol::Request{1, 1, Operation::write, "admin", "\"admin\"", {}})));
}

TEST(AdminProtocol, what_is_wrong_with_a_request_is_said) {
  EXPECT_EQ(refusal_of("hello"), "not JSON");
  EXPECT_THAT(refusal_of(R"({"request":1,"admin":"explode"})"),
              HasSubstr("allowed: add, remove, transfer, show, clock"));
  EXPECT_EQ(refusal_of(R"({"request":1,"admin":"add"})"),
            "\"nodes\" is missing; it must be an array");
  EXPECT_EQ(refusal_of(R"({"request":1,"admin":"add","nodes":[0]})"),
            "node 0: allowed are 1 to 255");
  EXPECT_THAT(refusal_of(R"({"request":1,"admin":"add","nodes":[]})"), HasSubstr("names no node"));
  EXPECT_THAT(refusal_of(R"({"request":1,"admin":"transfer","nodes":[1,2]})"),
              HasSubstr("more than one to transfer to"));
  EXPECT_EQ(refusal_of(R"({"request":1,"admin":"clock","rate":0,"ahead_us":0})"),
            "\"rate\" must be a number from 0.01 to 100, not 0");
  EXPECT_EQ(refusal_of(R"({"request":1,"admin":"clock","rate":1,"ahead_us":18446744073709551615})"),
            "\"ahead_us\" must be a whole number from -3600000000 to 3600000000, not "
            "18446744073709551615");
}

}  // namespace
}  // namespace sunder::admin_protocol
