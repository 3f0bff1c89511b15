#include "nemesis/network/proxy.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/system_error.hpp>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/proxy_fixture_test.h"
#include "node/api/nodes_test.h"
#include "testing/temporary_folder.h"

namespace sunder::nemesis {
namespace {

using testing::HasSubstr;

TEST_F(ProxyTest, a_door_carries_each_connection_on_the_link_of_the_node_that_dialed) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  std::optional<NodeId> dialer;
  entrance = proxy->add_door(n2, any_port, node_2_endpoint, [&](const auto&, const auto& door) {
    EXPECT_EQ(door, entrance);
    return dialer;
  });
  dialer = n1;
  auto from_1 = dial();
  auto at_2_from_1 = accept();
  dialer = n3;
  auto from_3 = dial();
  auto at_2_from_3 = accept();
  rules.block(1, {{n1, n2}, {n2, n3}});
  from_1->send("a");
  at_2_from_1->send("b");
  from_3->send("c");
  at_2_from_3->send("d");
  run_until([&] { return !from_1->received.empty() && !at_2_from_3->received.empty(); });
  EXPECT_EQ(from_1->received, "b");
  EXPECT_EQ(at_2_from_3->received, "c");
  run_all_that_is_ready();
  EXPECT_EQ(at_2_from_1->received + from_3->received, "");
  rules.release(1);
  run_until([&] { return !at_2_from_1->received.empty() && !from_3->received.empty(); });
  EXPECT_EQ(at_2_from_1->received + from_3->received, "ad");
}

TEST_F(ProxyTest, a_link_of_sockets_in_the_file_system_is_held_and_healed) {
  using asio::local::stream_protocol;
  const TemporaryFolder folder;
  const std::string door = folder.path() / "door";
  const std::string node = folder.path() / "node";
  stream_protocol::acceptor listener(io, stream_protocol::endpoint(node));
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  proxy->add_local_link(link, door, node);
  rules.block(1, {link});
  stream_protocol::socket sender(io);
  sender.connect(stream_protocol::endpoint(door));
  asio::write(sender, asio::buffer("a", 1));
  stream_protocol::socket receiver(io);
  bool is_accepted = false;
  listener.async_accept(receiver, [&](auto error) { is_accepted = !error; });
  run_all_that_is_ready();
  EXPECT_FALSE(is_accepted);
  rules.release(1);
  run_until([&] { return is_accepted && receiver.available() == 1; });
}

TEST_F(ProxyTest, a_door_is_closed_to_whom_no_node_owns) {
  proxy = std::make_unique<Proxy>(io, rules, Framing::bytes);
  entrance = proxy->add_door(n2, any_port, node_2_endpoint,
                             [](const auto&, const auto&) { return std::nullopt; });
  auto stranger = dial();
  run_until([&] { return stranger->closed; });
  EXPECT_EQ(proxy->total().connections, 0u);
}

TEST_F(ProxyTest, when_the_destination_dies_the_source_is_closed) {
  for (Framing framing : {Framing::frames, Framing::bytes}) {
    use(framing);
    auto sender = dial();
    auto receiver = accept();
    receiver->socket.close();
    run_until([&] { return sender->closed; });
  }
}

TEST_F(ProxyTest, an_attempt_to_reach_a_dead_node_is_closed_and_works_after_its_restart) {
  use(Framing::frames);
  node_2.reset();
  auto early = dial();
  run_until([&] { return early->closed; });
  EXPECT_EQ(proxy->statistics(link).refused_connections, 1u);
  node_2 = std::make_unique<tcp::acceptor>(io, node_2_endpoint);
  auto sender = dial();
  auto receiver = accept();
  sender->send(frame("again"));
  run_until([&] { return receiver->received == frame("again"); });
}

TEST_F(ProxyTest, a_cut_link_loses_its_connections_and_makes_none_until_healed) {
  for (Framing framing : {Framing::frames, Framing::bytes}) {
    use(framing);
    auto sender = dial();
    auto receiver = accept();
    rules.cut(1, {link});
    run_until([&] { return sender->closed && receiver->closed; });
    auto refused = dial();
    run_until([&] { return refused->closed; });
    rules.release(1);
    auto again = dial();
    accept();
  }
}

TEST_F(ProxyTest, a_reset_tears_connections_down_and_new_ones_work) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  rules.reset({link});
  run_until([&] { return sender->closed && receiver->closed; });
  EXPECT_EQ(sender->error, asio::error::connection_reset);
  EXPECT_EQ(receiver->error, asio::error::connection_reset);
  auto again = dial();
  accept();
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

std::set<int> inheritable_descriptors() {
  std::set<int> found;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) found.insert(descriptor);
  }
  return found;
}

TEST_F(ProxyTest, thousands_of_reconnects_leak_no_descriptor) {
  use(Framing::frames);
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 2000; ++i) {
    auto sender = dial();
    auto receiver = accept();
    sender->socket.close();
    run_until([&] { return receiver->closed; });
  }
  run_all_that_is_ready();
  EXPECT_EQ(proxy->statistics(link).connections, 2000u);
  EXPECT_EQ(open_descriptors(), before);
}

// The test's own end of the connection is one of Asio's sockets, which are inherited.
TEST_F(ProxyTest, no_child_process_inherits_its_descriptors) {
  const std::set<int> before = inheritable_descriptors();
  use(Framing::frames);
  auto sender = dial();
  const int own = sender->socket.native_handle();
  run_until([&] { return proxy->statistics(link).connections == 1; });
  std::set<int> expected = before;
  expected.insert(own);
  EXPECT_EQ(inheritable_descriptors(), expected);
}

TEST_F(ProxyTest, an_address_in_use_is_named) {
  use(Framing::frames);
  try {
    proxy->add_link({n2, n1}, entrance, node_2_endpoint);
    FAIL();
  } catch (const boost::system::system_error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("cannot listen at 127.0.0.1:" + std::to_string(entrance.port())));
  }
}

TEST_F(ProxyTest, closed_it_leaves_the_io_context_without_work) {
  use(Framing::frames);
  auto sender = dial();
  auto receiver = accept();
  proxy->close();
  run_until([&] { return sender->closed && receiver->closed; });
  node_2.reset();
  io.restart();
  io.run();
}

}  // namespace
}  // namespace sunder::nemesis
