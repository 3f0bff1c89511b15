#pragma once
// A proxied link between two sockets of a test.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nemesis/network/frames_test.h"
#include "nemesis/network/proxy.h"
#include "node/api/nodes_test.h"

namespace sunder::nemesis {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);

// One end of a connection that reads all it can get.
struct Peer {
  explicit Peer(tcp::socket s) : socket(std::move(s)) { read(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void read() {
    auto handler = [this, alive = std::weak_ptr(alive)](auto result, std::size_t size) {
      if (alive.expired()) return;
      received.append(buffer.data(), size);
      closed = bool(result);
      error = result;
      if (!result) read();
    };
    socket.async_read_some(asio::buffer(buffer), handler);
  }

  void send(const std::string& text) { asio::write(socket, asio::buffer(text)); }

  tcp::socket socket;
  std::array<char, 65536> buffer;
  std::string received;
  bool closed = false;
  boost::system::error_code error;
  // A handler may still be called when its peer is gone.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

// Node 1 speaks to node 2 through the proxy; node 2 is an acceptor of the test.
struct ProxyTest : testing::Test {
  asio::io_context io;
  LinkRules rules;
  std::unique_ptr<Proxy> proxy;
  std::unique_ptr<tcp::acceptor> node_2 = std::make_unique<tcp::acceptor>(io, any_port);
  const tcp::endpoint node_2_endpoint = node_2->local_endpoint();
  tcp::endpoint entrance;
  const Link link{n1, n2};
  // The terms of the leaders' frames.
  std::vector<std::uint64_t> watched;
  std::function<void()> on_watched = [] {};

  void use(Framing framing) {
    proxy = std::make_unique<Proxy>(io, rules, framing, [this](const SentFrame& sent) {
      watched.push_back(sent.term.value);
      on_watched();
    });
    entrance = proxy->add_link(link, any_port, node_2_endpoint);
  }

  template <class Condition>
  void run_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited in vain";
      io.run_one_for(1s);
    }
  }

  // On loopback what was sent can be read at once, so this is all that the proxy would do.
  void run_all_that_is_ready() {
    for (int i = 0; i < 10; ++i) io.poll();
  }

  std::unique_ptr<Peer> dial() {
    tcp::socket socket(io);
    socket.connect(entrance);
    return std::make_unique<Peer>(std::move(socket));
  }

  std::unique_ptr<Peer> accept() {
    std::unique_ptr<Peer> peer;
    node_2->async_accept([&](auto error, tcp::socket socket) {
      if (!error) peer = std::make_unique<Peer>(std::move(socket));
    });
    run_until([&] { return peer != nullptr; });
    return peer;
  }

  std::string frame(const std::string& payload) {
    return test_frame(FrameType::append_entries, payload);
  }
};

}  // namespace sunder::nemesis
