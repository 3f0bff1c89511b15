#include <optional>
#include <stdexcept>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "node/api/client_protocol.h"
#include "node/bench/subject_bench.h"
#include "node/net/completion.h"
#include "node/net/listener.h"

namespace sunder::bench {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;

class NodeClient final : public Client {
 public:
  NodeClient(asio::io_context& io, const tcp::endpoint& address, std::uint64_t id)
      : socket_(io), id_(id) {
    socket_.connect(address);
    prepare_socket(socket_);
  }

  asio::awaitable<void> ask(Asked asked, std::uint64_t key) override {
    const auto operation = asked == Asked::write ? Operation::write : Operation::read;
    const Request request{
        id_, ++requests_, operation, fmt::format("k{}", key % 1000), std::string(value_bytes, 'v'),
        {}};
    const auto reply = co_await call(request);
    if (reply.status != Status::ok) throw std::runtime_error("the leader changed; run again");
  }

  asio::awaitable<Reply> call(Request request) {
    const auto line = to_json_line(request) + "\n";
    co_await asio::async_write(socket_, asio::buffer(line), asio::use_awaitable);
    const auto size = co_await asio::async_read_until(socket_, asio::dynamic_buffer(inbox_), '\n',
                                                      asio::use_awaitable);
    const auto reply = client_protocol::parse_reply(std::string_view(inbox_).substr(0, size - 1));
    inbox_.erase(0, size);
    co_return reply;
  }

 private:
  tcp::socket socket_;
  std::uint64_t id_;
  std::uint64_t requests_ = 0;
  std::string inbox_;
};

/// Whether the node there leads.
bool answers_reads(const tcp::endpoint& address) {
  std::optional<Reply> reply;
  try {
    asio::io_context io;
    NodeClient client(io, address, 1);
    const auto ask = [&]() -> asio::awaitable<void> {
      const Request read{1, 1, Operation::read, "k", "", {}};
      reply = co_await client.call(read);
    };
    asio::co_spawn(io, ask(), rethrow);
    io.run();
  } catch (const boost::system::system_error&) {
    return false;  // it is not up yet
  }
  return reply && reply->status == Status::ok;
}

class NodeCluster final : public Subject {
 public:
  NodeCluster() : ports_(free_ports(2 * nodes)) {
    for (int node = 1; node <= nodes; ++node) start(node);
    for (int attempt = 0;; ++attempt) {
      leader_ = client_address(1 + attempt % nodes);
      if (answers_reads(leader_)) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  std::string_view name() const override { return "sunder"; }
  std::unique_ptr<Client> make_client(asio::io_context& io) override {
    return std::make_unique<NodeClient>(io, leader_, next_client_++);
  }

 private:
  std::uint16_t peer_port(int node) const {
    return ports_[static_cast<std::size_t>(nodes + node) - 1];
  }
  tcp::endpoint client_address(int node) const {
    return loopback(ports_[static_cast<std::size_t>(node) - 1]);
  }

  void start(int node) {
    const auto program = fs::canonical("/proc/self/exe").parent_path() / "sunder-node";
    std::vector<std::string> arguments{program.string(),
                                       "--id",
                                       std::to_string(node),
                                       "--data",
                                       (processes_.directory() / std::to_string(node)).string(),
                                       "--client",
                                       fmt::format("127.0.0.1:{}", client_address(node).port()),
                                       "--listen",
                                       fmt::format("127.0.0.1:{}", peer_port(node))};
    for (int other = 1; other <= nodes; ++other) {
      if (other == node) continue;
      arguments.push_back("--peer");
      arguments.push_back(fmt::format("{}=127.0.0.1:{}", other, peer_port(other)));
    }
    processes_.start(std::move(arguments));
  }

  Processes processes_;
  std::vector<std::uint16_t> ports_;
  tcp::endpoint leader_;
  std::uint64_t next_client_ = 1;
};

}  // namespace

std::unique_ptr<Subject> start_node_cluster() {
  return std::make_unique<NodeCluster>();
}

}  // namespace sunder::bench
