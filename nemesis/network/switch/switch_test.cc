// With real sockets, in a network of the test's own.

#include "nemesis/network/switch/switch.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "nemesis/network/switch/veth_network_test.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t test_port = 7000;

sockaddr_in place_of(int member, std::uint16_t at = test_port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(at);
  ::inet_pton(AF_INET, VethNetwork::address(member).c_str(), &place.sin_addr);
  return place;
}

// One that closes itself, and never waits for more than 20 s.
class TestSocket {
 public:
  explicit TestSocket(int descriptor) : descriptor_(descriptor) {
    const timeval longest{20, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  }
  TestSocket(TestSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~TestSocket() { close(); }

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  void bind(int member) const {
    const int on = 1;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in own = place_of(member);
    ASSERT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  }
  /// 0 or errno.
  int connect(int member) const {
    const sockaddr_in to = place_of(member);
    return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? 0
                                                                                          : errno;
  }
  void listen() const { ASSERT_EQ(::listen(descriptor_, 16), 0); }
  TestSocket accept() const { return TestSocket(::accept(descriptor_, nullptr, nullptr)); }
  int send(const std::string& bytes) const {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 ? errno : 0;
  }
  /// Exactly so many bytes, or what came before the end or an error.
  std::string receive(std::size_t size) const {
    std::string bytes(size, 0);
    std::size_t done = 0;
    while (done < size) {
      const ssize_t part = ::recv(descriptor_, bytes.data() + done, size - done, 0);
      if (part <= 0) break;
      done += static_cast<std::size_t>(part);
    }
    bytes.resize(done);
    return bytes;
  }
  std::string datagram() const {
    std::string bytes(2000, 0);
    bytes.resize(static_cast<std::size_t>(
        std::max<ssize_t>(0, ::recv(descriptor_, bytes.data(), bytes.size(), 0))));
    return bytes;
  }
  /// Of the next receive: 0 at the end of the stream.
  int receive_error() const {
    char byte = 0;
    return ::recv(descriptor_, &byte, 1, 0) < 0 ? errno : 0;
  }
  bool is_readable_within(std::chrono::milliseconds time) const {
    pollfd wait{descriptor_, POLLIN, 0};
    return ::poll(&wait, 1, static_cast<int>(time.count())) > 0;
  }

 private:
  int descriptor_;
};

struct SwitchWorld {
  explicit SwitchWorld(int members) : network(members) {}

  TestSocket tcp(int member) { return TestSocket(network.socket(member, SOCK_STREAM)); }
  TestSocket udp(int member) { return TestSocket(network.socket(member, SOCK_DGRAM)); }
  TestSocket listener(int member) {
    TestSocket socket = tcp(member);
    socket.bind(member);
    socket.listen();
    return socket;
  }

  VethNetwork network;
  LinkRules rules;
  Switch carrier{rules, network.open_ports(), {}};
};

void wait_until(const std::function<bool()>& condition) {
  const auto deadline = Clock::now() + 20s;
  while (!condition() && Clock::now() < deadline) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(condition());
}

struct TestConnection {
  TestConnection(SwitchWorld& world, int from, int to)
      : listener(world.listener(to)), dialer(world.tcp(from)) {
    EXPECT_EQ(dialer.connect(to), 0);
    accepted.emplace(listener.accept());
  }
  TestSocket listener;
  TestSocket dialer;
  std::optional<TestSocket> accepted;
};

// The work runs in a child process, where expectations work as anywhere.
void in_own_network(int members, const std::function<void(SwitchWorld&)>& work) {
  constexpr int skipped = 77;
  std::fflush(nullptr);
  int reason[2];
  ASSERT_EQ(::pipe(reason), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::optional<SwitchWorld> world;
    try {
      world.emplace(members);
    } catch (const std::exception& error) {
      const std::string text = error.what();
      (void)!::write(reason[1], text.data(), text.size());
      ::_exit(skipped);
    }
    work(*world);
    world.reset();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  ::close(reason[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  char text[1000] = {};
  (void)!::read(reason[0], text, sizeof text - 1);
  ::close(reason[0]);
  if (WIFEXITED(status) && WEXITSTATUS(status) == skipped) GTEST_SKIP() << text;
  EXPECT_EQ(status, 0) << "the child's expectations are above";
}

std::string pattern(std::size_t size) {
  std::string bytes(size, 0);
  Random random(1);
  for (char& byte : bytes) byte = static_cast<char>(random.next());
  return bytes;
}

void expect_stream_passes(const TestSocket& from, const TestSocket& to, std::size_t size) {
  const std::string sent = pattern(size);
  std::thread sending([&] { EXPECT_EQ(from.send(sent), 0); });
  EXPECT_TRUE(to.receive(size) == sent);
  sending.join();
}

const std::set<Link> both_ways{{n1, n2}, {n2, n1}};

TEST(Switch, carries_streams_and_datagrams_and_counts_them) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    expect_stream_passes(connection.dialer, *connection.accepted, 4 << 20);
    TestSocket sender = world.udp(1);
    TestSocket receiver = world.udp(2);
    receiver.bind(2);
    ASSERT_EQ(sender.connect(2), 0);
    EXPECT_EQ(sender.send("hello"), 0);
    EXPECT_EQ(receiver.receive(5), "hello");
    const LinkStatistics there = world.carrier.statistics({n1, n2});
    EXPECT_EQ(there.connections, 1U);
    EXPECT_GE(there.bytes_forwarded, 4U << 20);
    EXPECT_GE(there.frames_forwarded, (4U << 20) / 1500);
    EXPECT_EQ(world.carrier.statistics({n1, all_clients}).frames_forwarded, 0U);
  });
}

TEST(Switch, what_a_partition_held_back_arrives_soon_after_the_heal) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    world.rules.block(1, both_ways);
    EXPECT_EQ(connection.dialer.send("held"), 0);
    // By then TCP has sent it four times, and would send it again after more than a second.
    EXPECT_FALSE(connection.accepted->is_readable_within(1700ms));
    world.rules.release(1);
    EXPECT_TRUE(connection.accepted->is_readable_within(700ms));
    EXPECT_EQ(connection.accepted->receive(4), "held");
  });
}

TEST(Switch, a_cut_resets_idle_connections_at_both_ends_and_refuses_new_ones) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    expect_stream_passes(connection.dialer, *connection.accepted, 100'000);
    world.rules.cut(1, {{n1, n2}});
    EXPECT_EQ(connection.dialer.receive_error(), ECONNRESET);
    EXPECT_EQ(connection.accepted->receive_error(), ECONNRESET);
    EXPECT_EQ(world.tcp(1).connect(2), ECONNREFUSED);
    // The other direction is open, but what answers is cut.
    const TestSocket listener = world.listener(1);
    EXPECT_EQ(world.tcp(2).connect(1), ECONNREFUSED);
    world.rules.release(1);
    EXPECT_EQ(world.tcp(1).connect(2), 0);
  });
}

TEST(Switch, a_cut_resets_a_connection_in_the_middle_of_a_stream) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    std::thread sending([&] {
      const std::string piece(100'000, 'x');
      int error = 0;
      while (error == 0) error = connection.dialer.send(piece);
      EXPECT_TRUE(error == ECONNRESET || error == EPIPE) << error;
    });
    EXPECT_EQ(connection.accepted->receive(1'000'000).size(), 1'000'000U);
    world.rules.cut(1, both_ways);
    sending.join();
    while (!connection.accepted->receive(1'000'000).empty()) continue;
    EXPECT_NE(connection.accepted->receive_error(), EAGAIN);
  });
}

TEST(Switch, a_reset_ends_connections_once) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    TestConnection other(world, 0, 1);
    world.rules.reset({{n2, n1}});
    EXPECT_EQ(connection.dialer.receive_error(), ECONNRESET);
    EXPECT_EQ(connection.accepted->receive_error(), ECONNRESET);
    const TestSocket again = world.tcp(1);
    ASSERT_EQ(again.connect(2), 0);
    expect_stream_passes(again, connection.listener.accept(), 1000);
    expect_stream_passes(other.dialer, *other.accepted, 1000);
  });
}

TEST(Switch, damaged_bytes_never_reach_the_application) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    world.rules.add(1, both_ways, {.effect = MessageEffect::corrupt, .probability = 0.1}, 7);
    expect_stream_passes(connection.dialer, *connection.accepted, 300'000);
    EXPECT_GT(world.network.counter(2, "Tcp:", "InCsumErrors"), 0);

    TestSocket sender = world.udp(1);
    TestSocket receiver = world.udp(2);
    receiver.bind(2);
    ASSERT_EQ(sender.connect(2), 0);
    const std::string datagram = pattern(1000);
    // Few enough for the receiver's buffer.
    constexpr int datagrams = 50;
    const auto before = world.carrier.statistics({n1, n2}).frames_forwarded;
    for (int i = 0; i < datagrams; ++i) EXPECT_EQ(sender.send(datagram), 0);
    wait_until([&] {
      return world.carrier.statistics({n1, n2}).frames_forwarded >= before + datagrams;
    });
    world.rules.release(1);
    EXPECT_EQ(sender.send("end"), 0);
    int arrived = 0;
    for (std::string got; (got = receiver.datagram()) != "end"; ++arrived) {
      ASSERT_TRUE(got == datagram);
    }
    EXPECT_LT(arrived, datagrams);
    EXPECT_GT(arrived, datagrams / 2);
    EXPECT_EQ(world.network.counter(2, "Udp:", "InCsumErrors"), datagrams - arrived);
  });
}

TEST(Switch, datagrams_are_duplicated_delayed_and_dropped) {
  in_own_network(3, [](SwitchWorld& world) {
    TestSocket sender = world.udp(1);
    TestSocket receiver = world.udp(2);
    receiver.bind(2);
    ASSERT_EQ(sender.connect(2), 0);
    world.rules.add(1, {{n1, n2}}, {.effect = MessageEffect::duplicate}, 7);
    EXPECT_EQ(sender.send("a"), 0);
    EXPECT_EQ(receiver.datagram(), "a");
    EXPECT_EQ(receiver.datagram(), "a");
    world.rules.release(1);

    world.rules.add(2, {{n1, n2}}, {.effect = MessageEffect::delay, .delay = 50ms}, 7);
    const auto begin = Clock::now();
    EXPECT_EQ(sender.send("b"), 0);
    EXPECT_EQ(receiver.datagram(), "b");
    EXPECT_GE(Clock::now() - begin, 50ms);
    world.rules.release(2);

    world.rules.add(3, {{n1, n2}}, {.effect = MessageEffect::drop}, 7);
    EXPECT_EQ(sender.send("c"), 0);
    wait_until([&] { return world.carrier.statistics({n1, n2}).frames_dropped == 1; });
    world.rules.release(3);
    EXPECT_EQ(sender.send("d"), 0);
    EXPECT_EQ(receiver.datagram(), "d");
  });
}

TEST(Switch, clients_are_cut_off_as_nodes_are) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection client(world, 0, 1);
    TestConnection peer(world, 1, 2);
    world.rules.cut(1, {{all_clients, n1}});
    EXPECT_EQ(client.dialer.receive_error(), ECONNRESET);
    expect_stream_passes(peer.dialer, *peer.accepted, 1000);
  });
}

TEST(Switch, a_port_whose_namespace_ends_is_gone) {
  in_own_network(3, [](SwitchWorld& world) {
    world.network.remove(2);
    wait_until([&] { return !world.carrier.gone().empty(); });
    EXPECT_THAT(world.carrier.gone(), testing::ElementsAre(n2));
    TestConnection rest(world, 0, 1);
    expect_stream_passes(rest.dialer, *rest.accepted, 1000);
  });
}

TEST(Switch, rules_change_while_frames_pass) {
  in_own_network(3, [](SwitchWorld& world) {
    TestConnection connection(world, 1, 2);
    std::thread changing([&] {
      for (int id = 1; id <= 60; ++id) {
        const MessageFault slow{.effect = MessageEffect::delay, .delay = 1ms};
        if (id % 3 == 0) world.rules.block(id, both_ways);
        if (id % 3 == 1) world.rules.add(id, both_ways, slow, 1);
        if (id % 3 == 2) world.rules.add(id, both_ways, {.effect = MessageEffect::reorder}, 1);
        std::this_thread::sleep_for(2ms);
        world.rules.release(id);
      }
    });
    expect_stream_passes(connection.dialer, *connection.accepted, 20 << 20);
    changing.join();
  });
}

}  // namespace
}  // namespace sunder::nemesis
