#include "harness/run/tcp_owners.h"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sunder::nemesis {
namespace {

using boost::asio::ip::tcp;
using testing::Contains;
using testing::Not;

struct TcpOwners : testing::Test {
  boost::asio::io_context io;
  tcp::acceptor door{io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  tcp::socket dialer{io};

  tcp::socket connect() {
    dialer.connect(door.local_endpoint());
    return door.accept();
  }
};

TEST_F(TcpOwners, a_connection_is_traced_to_the_process_that_dialed_it) {
  const auto accepted = connect();
  const auto inode = socket_between(accepted.remote_endpoint(), accepted.local_endpoint());
  ASSERT_TRUE(inode);
  EXPECT_THAT(sockets_of(::getpid()), Contains(*inode));
  EXPECT_THAT(sockets_of(::getppid()), Not(Contains(*inode)));
}

TEST_F(TcpOwners, both_ends_of_a_connection_are_among_the_established) {
  const auto accepted = connect();
  const auto all = established_connections();
  const auto at = [&all](const tcp::endpoint& local, const tcp::endpoint& remote) {
    return std::count_if(all.begin(), all.end(), [&](const TcpEnd& end) {
      return end.local == local && end.remote == remote;
    });
  };
  EXPECT_EQ(at(dialer.local_endpoint(), door.local_endpoint()), 1);
  EXPECT_EQ(at(door.local_endpoint(), dialer.local_endpoint()), 1);
}

TEST_F(TcpOwners, a_socket_of_ipv6_that_speaks_ipv4_is_found_too) {
  tcp::socket java(io, tcp::v6());
  const auto port = door.local_endpoint().port();
  java.connect(
      tcp::endpoint(boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped,
                                                     boost::asio::ip::address_v4::loopback()),
                    port));
  const auto accepted = door.accept();
  const auto inode = socket_between(accepted.remote_endpoint(), accepted.local_endpoint());
  ASSERT_TRUE(inode);
  EXPECT_THAT(sockets_of(::getpid()), Contains(*inode));
  const auto all = established_connections();
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const TcpEnd& end) {
    return end.inode == *inode && end.remote == door.local_endpoint();
  }));
}

TEST_F(TcpOwners, nobody_owns_what_is_not_connected) {
  const tcp::endpoint nowhere(boost::asio::ip::address_v4::loopback(), 1);
  EXPECT_FALSE(socket_between(nowhere, door.local_endpoint()));
}

TEST_F(TcpOwners, a_group_holds_what_its_processes_hold) {
  const auto accepted = connect();
  const auto inode = socket_between(accepted.remote_endpoint(), accepted.local_endpoint());
  ASSERT_TRUE(inode);
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  ::setpgid(child, child);
  EXPECT_THAT(sockets_of_group(child), Contains(*inode));
  EXPECT_THAT(sockets_of_group(::getpgid(0)), Contains(*inode));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(sockets_of_group(child).empty());
}

TEST_F(TcpOwners, a_process_that_is_gone_holds_nothing) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(sockets_of(child).empty());
}

}  // namespace
}  // namespace sunder::nemesis
