// etcd by its own HTTP gateway, with its own settings.

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/bench/subject_bench.h"
#include "node/net/completion.h"
#include "node/net/listener.h"

namespace sunder::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

/// etcd takes keys and values in base64, and digits are base64 as they are.
std::string key_of(std::uint64_t key) {
  return fmt::format("{:08}", key % 1000);
}
const std::string value_of_100_bytes = std::string(132, 'v') + "vg==";
static_assert(value_bytes == 100);

class EtcdClient final : public Client {
 public:
  EtcdClient(asio::io_context& io, const tcp::endpoint& address) : socket_(io) {
    socket_.connect(address);
    prepare_socket(socket_);
  }

  asio::awaitable<void> ask(Asked asked, std::uint64_t key) override {
    const bool is_write = asked == Asked::write;
    const auto body =
        is_write ? fmt::format(R"({{"key":"{}","value":"{}"}})", key_of(key), value_of_100_bytes)
                 : fmt::format(R"({{"key":"{}"}})", key_of(key));
    co_await post(is_write ? "/v3/kv/put" : "/v3/kv/range", body);
  }

  asio::awaitable<std::string> post(std::string_view target, std::string body) {
    http::request<http::string_body> request(http::verb::post, target, 11, std::move(body));
    request.set(http::field::host, "127.0.0.1");
    request.prepare_payload();
    co_await http::async_write(socket_, request, asio::use_awaitable);
    http::response<http::string_body> response;
    co_await http::async_read(socket_, inbox_, response, asio::use_awaitable);
    if (response.result() != http::status::ok) {
      throw std::runtime_error("etcd answered " + response.body());
    }
    co_return std::move(response.body());
  }

 private:
  tcp::socket socket_;
  boost::beast::flat_buffer inbox_;
};

bool leads(const tcp::endpoint& address) {
  std::string status;
  try {
    asio::io_context io;
    EtcdClient client(io, address);
    const auto ask = [&]() -> asio::awaitable<void> {
      status = co_await client.post("/v3/maintenance/status", "{}");
    };
    asio::co_spawn(io, ask(), rethrow);
    io.run();
  } catch (const std::exception&) {
    return false;  // it is not up yet
  }
  const auto json = nlohmann::json::parse(status);
  return json.contains("leader") && json["leader"] == json["header"]["member_id"];
}

class EtcdCluster final : public Subject {
 public:
  EtcdCluster() : ports_(free_ports(2 * nodes)) {
    for (int node = 0; node < nodes; ++node) start(node);
    for (int attempt = 0;; ++attempt) {
      leader_ = loopback(client_port(attempt % nodes));
      if (leads(leader_)) return;
      if (attempt > 1'500) throw std::runtime_error("etcd elects no leader");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::string_view name() const override { return "etcd"; }
  std::unique_ptr<Client> make_client(asio::io_context& io) override {
    return std::make_unique<EtcdClient>(io, leader_);
  }

 private:
  std::uint16_t client_port(int node) const { return ports_[static_cast<std::size_t>(node)]; }
  std::string client_url(int node) const {
    return fmt::format("http://127.0.0.1:{}", client_port(node));
  }
  std::string peer_url(int node) const {
    return fmt::format("http://127.0.0.1:{}",
                       ports_[static_cast<std::size_t>(nodes) + static_cast<std::size_t>(node)]);
  }

  void start(int node) {
    std::string cluster;
    for (int each = 0; each < nodes; ++each) {
      cluster += fmt::format("{}n{}={}", each == 0 ? "" : ",", each, peer_url(each));
    }
    processes_.start({"etcd", "--name", fmt::format("n{}", node), "--data-dir",
                      (processes_.directory() / fmt::format("n{}", node)).string(),
                      "--listen-peer-urls", peer_url(node), "--initial-advertise-peer-urls",
                      peer_url(node), "--listen-client-urls", client_url(node),
                      "--advertise-client-urls", client_url(node), "--initial-cluster", cluster,
                      "--initial-cluster-state", "new"});
  }

  Processes processes_;
  std::vector<std::uint16_t> ports_;
  tcp::endpoint leader_;
};

}  // namespace

std::unique_ptr<Subject> start_etcd_cluster() {
  if (std::system("command -v etcd >/dev/null 2>&1") != 0) return nullptr;
  return std::make_unique<EtcdCluster>();
}

}  // namespace sunder::bench
