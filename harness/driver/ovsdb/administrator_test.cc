#include "harness/driver/ovsdb/administrator.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::harness::ovsdb {
namespace {

std::string status_of(const std::string& role, int uncommitted) {
  return "n1\nName: KV\nStatus: cluster member\nRole: " + role +
         "\nTerm: 2\nLeader: self\nLog: [2, 10]\nEntries not yet committed: " +
         std::to_string(uncommitted) +
         "\nConnections: <-n2 ->n2\nServers:\n"
         "    n1 (8e1f at unix:n1.sock) (self) next_index=3 match_index=6\n"
         "    n3 (1e2f at unix:n3.sock) next_index=7 match_index=6 last msg 5 ms ago\n"
         "    n3 (7cf0 at unix:n3.sock) next_index=7 match_index=6 last msg 5 ms ago\n";
}

TEST(OvsdbAdministrator, a_leader_lists_all_servers_though_two_have_one_address) {
  const auto servers = parse_servers(status_of("leader", 0));
  using Server = Servers::Server;
  EXPECT_THAT(servers.all,
              testing::ElementsAre(Server{"8e1f", "unix:n1.sock"}, Server{"1e2f", "unix:n3.sock"},
                                   Server{"7cf0", "unix:n3.sock"}));
}

TEST(OvsdbAdministrator, what_waits_for_others_is_not_committed) {
  const auto servers = parse_servers(status_of("leader", 3));
  EXPECT_EQ(servers.term, 2U);
  EXPECT_EQ(servers.log_end, 10U);
  EXPECT_EQ(servers.committed_end, 7U);
}

TEST(OvsdbAdministrator, only_a_leader_is_believed) {
  EXPECT_THAT(parse_servers(status_of("follower", 0)).all, testing::IsEmpty());
  EXPECT_THAT(parse_servers("unknown cluster").all, testing::IsEmpty());
  EXPECT_THAT(parse_servers("Role: leader\nServers:\n  (\n  ) at (\n").all, testing::IsEmpty());
}

}  // namespace
}  // namespace sunder::harness::ovsdb
