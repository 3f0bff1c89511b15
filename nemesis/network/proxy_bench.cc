// What the proxy costs: latency and throughput on loopback of a direct connection, of the proxy
// with and without framing, and of HAProxy if it is installed, in one run. Prints a table, or with
// --json one JSON object.
//
// A ping is a frame of 64 bytes there and back: two passages through the proxy. Bulk is frames of
// 64 KiB in one direction.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nemesis/network/frames_test.h"
#include "nemesis/network/proxy.h"

namespace {

using namespace sunder;
using namespace sunder::nemesis;
using Clock = std::chrono::steady_clock;

constexpr int pings = 20'000;
constexpr int warm_up_pings = 2'000;
constexpr std::size_t bulk_bytes = std::size_t{2} << 30;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A blocking TCP socket.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) { require(descriptor >= 0, "socket"); }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  static Socket listening() {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(0);
    require(::bind(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address),
                   sizeof address) == 0,
            "bind");
    require(::listen(socket.descriptor_, 8) == 0, "listen");
    return socket;
  }

  static Socket connected_to(std::uint16_t port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    require(::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == 0,
            "connect");
    socket.no_delay();
    return socket;
  }

  Socket accept() {
    Socket accepted(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
    accepted.no_delay();
    return accepted;
  }

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      require(sent > 0, "send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// 0 at the end.
  std::size_t receive(char* buffer, std::size_t size) {
    const ssize_t received = ::recv(descriptor_, buffer, size, 0);
    require(received >= 0, "recv");
    return static_cast<std::size_t>(received);
  }

  void receive_all(char* buffer, std::size_t size) {
    while (size > 0) {
      const std::size_t part = receive(buffer, size);
      if (part == 0) throw std::runtime_error("the connection was closed");
      buffer += part;
      size -= part;
    }
  }

 private:
  void no_delay() {
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  int descriptor_;
};

// Something that stands between two ports and passes bytes on.
struct Hop {
  virtual ~Hop() = default;
  /// The port to dial in order to reach `destination`.
  virtual std::uint16_t entrance(std::uint16_t destination) = 0;
};

struct Direct : Hop {
  std::uint16_t entrance(std::uint16_t destination) override { return destination; }
};

class ThroughProxy : public Hop {
 public:
  explicit ThroughProxy(Framing framing) : proxy_(io_, rules_, framing) {}
  ~ThroughProxy() override { stop(); }

  std::uint16_t entrance(std::uint16_t destination) override {
    stop();
    const Link link{NodeId{1}, NodeId{next_node_++}};
    const auto at = [](std::uint16_t port) {
      return Proxy::Endpoint(boost::asio::ip::address_v4::loopback(), port);
    };
    const std::uint16_t port = proxy_.add_link(link, at(0), at(destination)).port();
    io_.restart();
    thread_ = std::thread([this] { io_.run(); });
    return port;
  }

 private:
  void stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  boost::asio::io_context io_;
  LinkRules rules_;
  Proxy proxy_;
  std::thread thread_;
  int next_node_ = 2;
};

// One process for each entrance.
class ThroughHaproxy : public Hop {
 public:
  ~ThroughHaproxy() override {
    for (pid_t process : processes_) {
      ::kill(process, SIGKILL);
      ::waitpid(process, nullptr, 0);
    }
    for (const auto& file : files_) std::filesystem::remove(file);
  }

  static bool is_installed() { return std::filesystem::exists("/usr/sbin/haproxy"); }

  std::uint16_t entrance(std::uint16_t destination) override {
    const std::uint16_t port = Socket::listening().port();
    const auto file = std::filesystem::temp_directory_path() /
                      fmt::format("proxy_bench-{}-{}.cfg", ::getpid(), port);
    files_.push_back(file);
    std::ofstream(file) << fmt::format(
        "defaults\n  mode tcp\n  timeout client 1m\n  timeout server 1m\n  timeout connect 5s\n"
        "listen hop\n  bind 127.0.0.1:{}\n  server node 127.0.0.1:{}\n",
        port, destination);
    const pid_t process = ::fork();
    require(process >= 0, "fork");
    if (process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execl("/usr/sbin/haproxy", "haproxy", "-q", "-f", file.c_str(), nullptr);
      ::_exit(127);
    }
    processes_.push_back(process);
    wait_until_listening(port);
    return port;
  }

 private:
  static void wait_until_listening(std::uint16_t port) {
    for (int attempt = 0; attempt < 500; ++attempt) {
      const std::ifstream table("/proc/net/tcp");
      std::string text((std::istreambuf_iterator<char>(table.rdbuf())), {});
      if (text.find(fmt::format("0100007F:{:04X} 00000000:0000 0A", port)) != std::string::npos) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("haproxy did not start");
  }

  std::vector<pid_t> processes_;
  std::vector<std::filesystem::path> files_;
};

struct Latency {
  double p50_us = 0;
  double p99_us = 0;
};

// There over one connection, back over another, each written to by its dialer only, as nodes do.
Latency measure_latency(Hop& hop) {
  Socket near_listener = Socket::listening();
  Socket far_listener = Socket::listening();
  Socket there = Socket::connected_to(hop.entrance(far_listener.port()));
  Socket there_far = far_listener.accept();
  Socket back_far = Socket::connected_to(hop.entrance(near_listener.port()));
  Socket back = near_listener.accept();
  const std::string ping = test_frame(FrameType::append_reply, std::string(48, 'p'));
  std::thread echo([&] {
    std::string pong(ping.size(), 0);
    for (int i = 0; i < warm_up_pings + pings; ++i) {
      there_far.receive_all(pong.data(), pong.size());
      back_far.send(pong);
    }
  });
  std::vector<double> times;
  std::string pong(ping.size(), 0);
  for (int i = 0; i < warm_up_pings + pings; ++i) {
    const auto begin = Clock::now();
    there.send(ping);
    back.receive_all(pong.data(), pong.size());
    const std::chrono::duration<double, std::micro> time = Clock::now() - begin;
    if (i >= warm_up_pings) times.push_back(time.count());
  }
  echo.join();
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

double measure_gigabytes_per_second(Hop& hop) {
  Socket listener = Socket::listening();
  auto sender = std::make_unique<Socket>(Socket::connected_to(hop.entrance(listener.port())));
  Socket receiver = listener.accept();
  const std::string frame = test_frame(FrameType::append_entries, std::string(65'536, 'b'));
  const auto begin = Clock::now();
  std::thread sending([&] {
    for (std::size_t sent = 0; sent < bulk_bytes; sent += frame.size()) sender->send(frame);
    sender.reset();
  });
  std::vector<char> buffer(std::size_t{1} << 20);
  std::size_t received = 0;
  while (const std::size_t part = receiver.receive(buffer.data(), buffer.size())) received += part;
  sending.join();
  const std::chrono::duration<double> time = Clock::now() - begin;
  if (received < bulk_bytes) throw std::runtime_error("bytes were lost");
  return static_cast<double>(received) / 1e9 / time.count();
}

nlohmann::ordered_json measure(std::string_view name, Hop& hop, bool table) {
  const Latency latency = measure_latency(hop);
  const double throughput = measure_gigabytes_per_second(hop);
  if (table) {
    fmt::print("{:<16}{:>12.1f}{:>12.1f}{:>14.2f}\n", name, latency.p50_us, latency.p99_us,
               throughput);
  }
  return {{"name", name},
          {"ping_p50_us", latency.p50_us},
          {"ping_p99_us", latency.p99_us},
          {"bulk_gb_per_s", throughput}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool table = argc < 2 || std::string_view(argv[1]) != "--json";
  try {
    if (table) fmt::print("{:<16}{:>12}{:>12}{:>14}\n", "", "p50 us", "p99 us", "bulk GB/s");
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    Direct direct;
    results.push_back(measure("direct", direct, table));
    {
      ThroughProxy frames(Framing::frames);
      results.push_back(measure("sunder, frames", frames, table));
    }
    {
      ThroughProxy bytes(Framing::bytes);
      results.push_back(measure("sunder, bytes", bytes, table));
    }
    if (ThroughHaproxy::is_installed()) {
      ThroughHaproxy haproxy;
      results.push_back(measure("haproxy", haproxy, table));
    } else if (table) {
      fmt::print("haproxy is not installed: apt-get install haproxy\n");
    }
    if (!table) fmt::print("{}\n", nlohmann::ordered_json{{"proxy", results}}.dump());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "proxy_bench: {}\n", error.what());
    return 1;
  }
}
