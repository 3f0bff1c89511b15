// Three nodes on loopback, every write synced on a majority before its answer: throughput and
// latency by number of clients, beside what the disk and the loopback allow.
//   node_bench [--seconds 3] [--json]

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cxxopts.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/api/client_protocol.h"
#include "node/completion.h"
#include "node/files.h"
#include "node/listener.h"

namespace sunder {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using client_protocol::Operation;
using client_protocol::Reply;
using client_protocol::Request;
using client_protocol::Status;
using Clock = std::chrono::steady_clock;
using Micros = std::chrono::duration<double, std::micro>;

constexpr int nodes = 3;

struct Latencies {
  std::vector<double> micros;
  double at(double quantile) {
    if (micros.empty()) return 0;
    const auto place = std::min(
        micros.size() - 1, static_cast<std::size_t>(quantile * static_cast<double>(micros.size())));
    std::nth_element(micros.begin(), micros.begin() + static_cast<std::ptrdiff_t>(place),
                     micros.end());
    return micros[place];
  }
};

/// Three node processes in a temporary folder, gone with this object.
class LocalCluster {
 public:
  explicit LocalCluster(const std::string& program) {
    std::string pattern = (fs::current_path() / "node-bench-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    asio::io_context io;
    for (int i = 0; i < 2 * nodes; ++i) {
      const tcp::acceptor taken(io, {asio::ip::address_v4::loopback(), 0});
      ports_.push_back(taken.local_endpoint().port());
    }
    for (int node = 1; node <= nodes; ++node) start(program, node);
  }
  ~LocalCluster() {
    for (const auto pid : pids_) ::kill(pid, SIGKILL);
    for (const auto pid : pids_) ::waitpid(pid, nullptr, 0);
    fs::remove_all(directory_);
  }
  LocalCluster(const LocalCluster&) = delete;
  LocalCluster& operator=(const LocalCluster&) = delete;

  tcp::endpoint client_address(int node) const {
    return {asio::ip::address_v4::loopback(), ports_[static_cast<std::size_t>(node) - 1]};
  }
  const fs::path& directory() const { return directory_; }

 private:
  void start(const std::string& program, int node) {
    const auto peer_port = [&](int each) {
      return ports_[static_cast<std::size_t>(nodes + each) - 1];
    };
    std::vector<std::string> arguments{program,
                                       "--id",
                                       std::to_string(node),
                                       "--data",
                                       (directory_ / std::to_string(node)).string(),
                                       "--client",
                                       fmt::format("127.0.0.1:{}", client_address(node).port()),
                                       "--listen",
                                       fmt::format("127.0.0.1:{}", peer_port(node))};
    for (int other = 1; other <= nodes; ++other) {
      if (other == node) continue;
      arguments.push_back("--peer");
      arguments.push_back(fmt::format("{}=127.0.0.1:{}", other, peer_port(other)));
    }
    std::vector<char*> argv;
    for (auto& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    const auto pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(99);
    }
    pids_.push_back(pid);
  }

  fs::path directory_;
  std::vector<std::uint16_t> ports_;
  std::vector<pid_t> pids_;
};

class Connection {
 public:
  Connection(asio::io_context& io, const tcp::endpoint& address) : socket_(io) {
    socket_.connect(address);
    prepare_socket(socket_);
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
  std::string inbox_;
};

tcp::endpoint find_leader(const LocalCluster& cluster) {
  for (int attempt = 0;; ++attempt) {
    auto address = cluster.client_address(1 + attempt % nodes);
    std::optional<Reply> reply;
    try {
      asio::io_context io;
      Connection connection(io, address);
      const auto ask = [&]() -> asio::awaitable<void> {
        const Request read{1, 1, Operation::read, "k", "", {}};
        reply = co_await connection.call(read);
      };
      asio::co_spawn(io, ask(), rethrow);
      io.run();
    } catch (const boost::system::system_error&) {
    }
    if (reply && reply->status == Status::ok) return address;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

struct Row {
  std::string operation;
  int clients = 0;
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

asio::awaitable<void> one_client(Connection& connection, std::uint64_t id, Operation operation,
                                 Clock::time_point end, std::vector<double>& micros) {
  Request request{id, 0, operation, fmt::format("k{}", id % 1000), std::string(100, 'v'), {}};
  while (Clock::now() < end) {
    ++request.request;
    const auto begun = Clock::now();
    const auto reply = co_await connection.call(request);
    if (reply.status != Status::ok) throw std::runtime_error("the leader changed; run again");
    micros.push_back(Micros(Clock::now() - begun).count());
  }
}

Row measure(const tcp::endpoint& leader, Operation operation, int clients, double seconds) {
  static std::uint64_t next_client = 1;
  asio::io_context io(1);
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < clients; ++i) {
    connections.push_back(std::make_unique<Connection>(io, leader));
  }
  Latencies latencies;
  const auto begun = Clock::now();
  const auto end =
      begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (auto& connection : connections) {
    asio::co_spawn(io, one_client(*connection, next_client++, operation, end, latencies.micros),
                   rethrow);
  }
  io.run();
  const auto elapsed = std::chrono::duration<double>(Clock::now() - begun).count();
  const auto done = static_cast<double>(latencies.micros.size());
  return {std::string(name_of(operation)), clients, done / elapsed, latencies.at(0.5),
          latencies.at(0.99)};
}

/// Synced writes of 200 bytes into a file of zeros, as the log makes them.
Row measure_disk(const fs::path& directory, double seconds) {
  const File file(directory / "limit", File::Mode::create);
  file.write_at(0, std::string(8 << 20, '\0'));
  file.sync();
  Latencies latencies;
  const auto begun = Clock::now();
  const std::string bytes(200, 'x');
  for (std::size_t at = 0; Clock::now() - begun < std::chrono::duration<double>(seconds) &&
                           at + bytes.size() < (8u << 20);
       at += bytes.size()) {
    const auto before = Clock::now();
    file.write_at(at, bytes);
    file.sync_data();
    latencies.micros.push_back(Micros(Clock::now() - before).count());
  }
  const auto elapsed = std::chrono::duration<double>(Clock::now() - begun).count();
  return {"fdatasync", 1, static_cast<double>(latencies.micros.size()) / elapsed, latencies.at(0.5),
          latencies.at(0.99)};
}

void print(const std::vector<Row>& rows, bool as_json) {
  if (!as_json) {
    fmt::print("{:<12}{:>8}{:>12}{:>10}{:>10}\n", "operation", "clients", "per second", "p50 us",
               "p99 us");
  }
  auto list = nlohmann::json::array();
  for (const auto& row : rows) {
    list.push_back({{"operation", row.operation},
                    {"clients", row.clients},
                    {"per_second", row.per_second},
                    {"p50_us", row.p50_us},
                    {"p99_us", row.p99_us}});
    if (as_json) continue;
    fmt::print("{:<12}{:>8}{:>12.0f}{:>10.0f}{:>10.0f}\n", row.operation, row.clients,
               row.per_second, row.p50_us, row.p99_us);
  }
  if (as_json) fmt::print("{}\n", nlohmann::json{{"node_bench", list}}.dump());
}

void run(int argc, char** argv) {
  cxxopts::Options options("node_bench", "Throughput and latency of three nodes on loopback.");
  // clang-format off
  options.add_options()
      ("seconds", "for each row", cxxopts::value<double>()->default_value("3"), "N")
      ("json", "one JSON object instead of a table");
  // clang-format on
  const auto flags = options.parse(argc, argv);
  const auto seconds = flags["seconds"].as<double>();
  const auto program = fs::canonical("/proc/self/exe").parent_path() / "sunder-node";
  const LocalCluster cluster(program.string());
  const auto leader = find_leader(cluster);
  std::vector<Row> rows{measure_disk(cluster.directory(), seconds)};
  for (const auto operation : {Operation::write, Operation::read}) {
    for (const int clients : {1, 10, 100, 1000}) {
      rows.push_back(measure(leader, operation, clients, seconds));
    }
  }
  print(rows, flags.count("json") != 0);
}

}  // namespace
}  // namespace sunder

int main(int argc, char** argv) {
  try {
    sunder::run(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "node_bench: {}\n", error.what());
    return 255;
  }
}
