#include "harness/run/proxy_bypass.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/api/nodes_test.h"

namespace sunder::harness {
namespace {

using boost::asio::ip::tcp;

TEST(Bypass, a_connection_between_two_nodes_is_seen_and_one_to_somebody_else_is_not) {
  boost::asio::io_context io;
  tcp::acceptor door(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  tcp::socket dialer(io);
  dialer.connect(door.local_endpoint());
  // The child holds one end, this process the other.
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  ::setpgid(child, child);
  dialer.close();
  const auto accepted = door.accept();
  const auto nobody = child + 1;
  const auto own = ::getpgid(0);

  const auto found = find_bypasses({{n1, own}, {n2, child}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].nodes, std::pair(n1, n2));
  EXPECT_NE(found[0].connection.find(std::to_string(door.local_endpoint().port())),
            std::string::npos);
  EXPECT_TRUE(find_bypasses({{n1, nobody}, {n2, child}}).empty());
  EXPECT_TRUE(find_bypasses({{n1, own}}).empty());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace sunder::harness
