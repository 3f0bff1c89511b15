#include "harness/driver/etcd/administrator.h"

#include <memory>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/driver/scripted_server_test.h"
#include "node/api/nodes_test.h"

namespace sunder::harness::etcd {
namespace {

using Outcome = nemesis::Administrator::Outcome;
using namespace std::chrono_literals;

TEST(EtcdAdministrator, members_are_known_by_where_their_peers_dial_them) {
  const auto members = parse_members(R"({"header":{},"members":[
      {"ID":"4852856534211072143","name":"n3","peerURLs":["http://127.0.0.1:3"]},
      {"ID":"13259299218042833343","peerURLs":["http://127.0.0.1:1"]}]})");
  EXPECT_THAT(members,
              testing::ElementsAre(Member{"4852856534211072143", "http://127.0.0.1:3", true},
                                   Member{"13259299218042833343", "http://127.0.0.1:1", false}));
}

TEST(EtcdAdministrator, what_is_no_list_has_no_members) {
  for (const char* body : {"", "{}", "[]", R"({"members":[{}]})", R"({"members":[{"ID":7}]})",
                           R"({"members":[{"ID":"7","peerURLs":[]}]})"}) {
    EXPECT_THAT(parse_members(body), testing::IsEmpty()) << body;
  }
}

TEST(EtcdAdministrator, says_refused_only_for_what_certainly_did_not_begin) {
  const auto answered = [](unsigned status) {
    return HttpAttempt{HttpReply{status, R"({"message":"why"})"}, true};
  };
  EXPECT_EQ(classify_order(answered(200)).outcome, Outcome::done);
  EXPECT_EQ(classify_order(answered(412)).outcome, Outcome::refused);
  EXPECT_EQ(classify_order(answered(412)).because, "why");
  EXPECT_EQ(classify_order(answered(503)).outcome, Outcome::unknown);
  EXPECT_EQ(classify_order({{}, true}).outcome, Outcome::unknown);
  EXPECT_EQ(classify_order({{}, false}).outcome, Outcome::refused);
}

struct EtcdOrdersTest : ScriptedServer {
  const std::string with_n2 = R"({"members":[
      {"ID":"11","name":"n1","peerURLs":["http://door-1"]},
      {"ID":"22","name":"n2","peerURLs":["http://door-2"]}]})";
  const std::string without_n2 =
      R"({"members":[{"ID":"11","name":"n1","peerURLs":["http://door-1"]}]})";
  std::shared_ptr<std::set<NodeId>> belonging = std::make_shared<std::set<NodeId>>();
  // All clients' addresses are the one of this server.
  std::unique_ptr<nemesis::Administrator> administrator =
      make_administrator(io, {{address(), address()}, {"door-1", "door-2"}, 30s, 30s}, belonging);

  // Takes a request to this path, which says that.
  Script hear_order(std::string path, std::string said) {
    co_await accept();
    std::string request;
    while (!request.ends_with(said)) request += co_await hear(1);
    EXPECT_THAT(request, testing::StartsWith("POST " + path + " "));
  }
  Script serve(std::string path, std::string said, unsigned status, std::string body) {
    co_await hear_order(path, said);
    co_await say(fmt::format("HTTP/1.1 {} because\r\nContent-Length: {}\r\n\r\n{}", status,
                             body.size(), body));
  }
  Script serve_roll(std::string members) {
    co_await serve("/v3/kv/range", "}", 200, "{}");
    co_await serve("/v3/cluster/member/list", "{}", 200, members);
  }
};

TEST_F(EtcdOrdersTest, a_member_is_removed_by_the_identity_that_the_list_has_for_its_door) {
  const auto remove = [this]() -> Script {
    co_await serve_roll(with_n2);
    co_await serve("/v3/cluster/member/remove", R"({"ID":"22"})", 200, "{}");
  };
  EXPECT_EQ(meet(administrator->remove_voters({n2}), remove()).outcome, Outcome::done);
  EXPECT_THAT(*belonging, testing::ElementsAre(n1));
}

TEST_F(EtcdOrdersTest, what_is_so_already_needs_no_order) {
  EXPECT_EQ(meet(administrator->remove_voters({n2}), serve_roll(without_n2)).outcome,
            Outcome::done);
  EXPECT_EQ(meet(administrator->add_voters({n1}), serve_roll(without_n2)).outcome, Outcome::done);
  EXPECT_THAT(*belonging, testing::ElementsAre(n1));
}

TEST_F(EtcdOrdersTest, a_newcomer_is_added_by_its_door_and_is_in_once_it_has_a_name) {
  const auto add = [this]() -> Script {
    co_await serve_roll(without_n2);
    co_await serve("/v3/cluster/member/add", R"({"peerURLs":["http://door-2"]})", 200, "{}");
  };
  EXPECT_EQ(meet(administrator->add_voters({n2}), add()).outcome, Outcome::done);
  EXPECT_THAT(*belonging, testing::ElementsAre(n1, n2));
  const auto unnamed = std::string(with_n2).replace(with_n2.find("n2"), 2, "");
  EXPECT_FALSE(meet(administrator->has_come_in(n2), serve_roll(unnamed)));
  EXPECT_TRUE(meet(administrator->has_come_in(n2), serve_roll(with_n2)));
}

// A node that is cut off would say what it has, which is old.
TEST_F(EtcdOrdersTest, nobody_is_believed_who_cannot_read_with_a_majority) {
  const auto refuse_twice = [this]() -> Script {
    for (int node = 0; node < 2; ++node) co_await serve("/v3/kv/range", "}", 503, "{}");
  };
  const auto answer = meet(administrator->remove_voters({n2}), refuse_twice());
  EXPECT_EQ(answer.outcome, Outcome::refused);
  EXPECT_EQ(answer.because, "no node answered with a majority");
}

TEST_F(EtcdOrdersTest, an_order_without_an_answer_is_unknown) {
  const auto break_off = [this]() -> Script {
    co_await serve_roll(with_n2);
    co_await hear_order("/v3/cluster/member/remove", "}");
    hang_up();
  };
  EXPECT_EQ(meet(administrator->remove_voters({n2}), break_off()).outcome, Outcome::unknown);
}

TEST_F(EtcdOrdersTest, of_two_changes_of_which_only_the_first_was_made_nobody_says_refused) {
  const auto remove_one = [this]() -> Script {
    co_await serve_roll(with_n2);
    co_await serve("/v3/cluster/member/remove", R"({"ID":"22"})", 200, "{}");
    co_await serve_roll(without_n2);
    co_await serve("/v3/cluster/member/remove", R"({"ID":"11"})", 412, R"({"message":"why"})");
  };
  const auto answer = meet(administrator->remove_voters({n2, n1}), remove_one());
  EXPECT_EQ(answer.outcome, Outcome::unknown);
  EXPECT_EQ(answer.because, "why");
}

TEST_F(EtcdOrdersTest, leadership_is_ordered_from_whoever_leads_to_another) {
  const auto transfer = [this]() -> Script {
    co_await serve_roll(with_n2);
    co_await serve("/v3/maintenance/status", "{}", 200, R"({"leader":"11"})");
    co_await serve("/v3/maintenance/transfer-leadership", R"({"targetID":"22"})", 200, "{}");
  };
  EXPECT_EQ(meet(administrator->transfer_leadership(n2), transfer()).outcome, Outcome::done);
  const auto tell_leader = [this](std::string status) -> Script {
    co_await serve_roll(with_n2);
    co_await serve("/v3/maintenance/status", "{}", 200, status);
  };
  const auto to_the_leader =
      meet(administrator->transfer_leadership(n2), tell_leader(R"({"leader":"22"})"));
  EXPECT_EQ(to_the_leader.because, "n2 leads already");
  const auto to_nobody = meet(administrator->transfer_leadership(n2), tell_leader("{}"));
  EXPECT_EQ(to_nobody.because, "no node is known to lead");
}

}  // namespace
}  // namespace sunder::harness::etcd
