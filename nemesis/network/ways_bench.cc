#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nemesis/network/bench_ways.h"
#include "nemesis/network/proxy.h"
#include "nemesis/network/switch/veth_network_test.h"

namespace sunder::nemesis {
namespace {

constexpr int members = 6;

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

class Loopback : public BenchWay {
 public:
  BenchSocket listen(int /*member*/) override {
    BenchSocket socket = make();
    socket.listen(loopback(0));
    return socket;
  }
  BenchSocket dial(int from, int to, std::uint16_t port) override {
    BenchSocket socket = make();
    socket.connect(loopback(entrance(from, to, port)));
    return socket;
  }

 protected:
  /// The port to dial in order to reach `port`.
  virtual std::uint16_t entrance(int /*from*/, int /*to*/, std::uint16_t port) { return port; }

 private:
  static BenchSocket make() {
    return BenchSocket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }
};

class ThroughProxy final : public Loopback {
 public:
  explicit ThroughProxy(Framing framing)
      : carries_answers_(framing == Framing::bytes), proxy_(io_, rules_, framing) {
    thread_ = std::thread([this] { io_.run(); });
  }
  ~ThroughProxy() override {
    io_.stop();
    thread_.join();
  }
  bool carries_answers() const override { return carries_answers_; }

 protected:
  // Each connection has a link of its own, since a link has one destination.
  std::uint16_t entrance(int /*from*/, int /*to*/, std::uint16_t port) override {
    const auto at = [](std::uint16_t number) {
      return Proxy::Endpoint(boost::asio::ip::address_v4::loopback(), number);
    };
    std::promise<std::uint16_t> entrance;
    boost::asio::post(io_, [&] {
      const Link link{NodeId{1}, NodeId{next_node_++}};
      entrance.set_value(proxy_.add_link(link, at(0), at(port)).port());
    });
    return entrance.get_future().get();
  }

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  bool carries_answers_;
  LinkRules rules_;
  Proxy proxy_;
  int next_node_ = 2;
  std::thread thread_;
};

// One process for each entrance.
class ThroughHaproxy final : public Loopback {
 public:
  static constexpr const char* program = "/usr/sbin/haproxy";

  ~ThroughHaproxy() override {
    for (const pid_t process : processes_) {
      ::kill(process, SIGKILL);
      ::waitpid(process, nullptr, 0);
    }
    for (const auto& file : files_) std::filesystem::remove(file);
  }

  double cpu_seconds_elsewhere() const override {
    double ticks = 0;
    for (const pid_t process : processes_) {
      std::ifstream file(fmt::format("/proc/{}/stat", process));
      std::string word;
      // The program's name, "(haproxy)", has no blank: fields 14 and 15 are user and system time.
      for (int field = 1; field <= 15 && file >> word; ++field) {
        if (field >= 14) ticks += std::stod(word);
      }
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 protected:
  std::uint16_t entrance(int /*from*/, int /*to*/, std::uint16_t destination) override {
    std::uint16_t port = listen(0).port();
    const auto file = std::filesystem::temp_directory_path() /
                      fmt::format("network_bench-{}-{}.cfg", ::getpid(), port);
    files_.push_back(file);
    std::ofstream(file) << fmt::format(
        "global\n  nbthread 1\ndefaults\n  mode tcp\n  timeout client 1m\n  timeout server 1m\n"
        "  timeout connect 5s\nlisten hop\n  bind 127.0.0.1:{}\n  server node 127.0.0.1:{}\n",
        port, destination);
    const pid_t process = ::fork();
    require(process >= 0, "fork");
    if (process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execl(program, "haproxy", "-q", "-f", file.c_str(), nullptr);
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

class Namespaced : public BenchWay {
 public:
  BenchSocket listen(int member) override {
    BenchSocket socket = make(member);
    socket.listen(at(member, 0));
    return socket;
  }
  BenchSocket dial(int from, int to, std::uint16_t port) override {
    BenchSocket socket = make(from);
    socket.connect(at(to, port));
    return socket;
  }

 protected:
  const VethNetwork& network() const { return network_; }

 private:
  BenchSocket make(int member) const { return BenchSocket(network_.socket(member, SOCK_STREAM)); }
  static sockaddr_in at(int member, std::uint16_t port) {
    sockaddr_in address = loopback(port);
    ::inet_pton(AF_INET, VethNetwork::address(member).c_str(), &address.sin_addr);
    return address;
  }

  VethNetwork network_{members};
};

struct ThroughBridge final : Namespaced {
  ThroughBridge() { network().bridge(); }
};

struct ThroughSwitch final : Namespaced {
  explicit ThroughSwitch(bool has_rules) {
    if (!has_rules) return;
    std::set<Link> links;
    for (int from = 0; from < members; ++from) {
      for (int to = 0; to < members; ++to) {
        if (from != to) links.insert({NodeId{from}, NodeId{to}});
      }
    }
    // A delay of nothing: every frame goes by the rules.
    rules.add(1, links, {.effect = MessageEffect::delay}, 1);
  }

  LinkRules rules;
  Switch carrier{rules, network().open_ports(), {}};
};

template <class Way, class... Arguments>
MakeBenchWay maker(Arguments... arguments) {
  return [arguments...] { return std::make_unique<Way>(arguments...); };
}

}  // namespace

BenchSocket::BenchSocket(int descriptor) : descriptor_(descriptor) {
  require(descriptor >= 0, "socket");
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

BenchSocket::~BenchSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void BenchSocket::listen(const sockaddr_in& at) const {
  require(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0, "bind");
  require(::listen(descriptor_, 8) == 0, "listen");
}

void BenchSocket::connect(const sockaddr_in& to) const {
  require(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0,
          "connect");
}

BenchSocket BenchSocket::accept() const {
  return BenchSocket(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
}

std::uint16_t BenchSocket::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void BenchSocket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    require(sent > 0, "send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t BenchSocket::receive(std::string& buffer) const {
  const ssize_t received = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  require(received >= 0, "recv");
  return static_cast<std::size_t>(received);
}

void BenchSocket::receive_all(std::string& buffer) const {
  const ssize_t received = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_WAITALL);
  require(received == static_cast<ssize_t>(buffer.size()), "recv");
}

std::vector<std::pair<std::string_view, MakeBenchWay>> bench_ways() {
  std::vector<std::pair<std::string_view, MakeBenchWay>> ways{
      {"loopback", maker<Loopback>()},
      {"kernel bridge", maker<ThroughBridge>()},
      {"switch", maker<ThroughSwitch>(false)},
      {"switch, rules", maker<ThroughSwitch>(true)},
      {"proxy, bytes", maker<ThroughProxy>(Framing::bytes)},
      {"proxy, frames", maker<ThroughProxy>(Framing::frames)}};
  if (std::filesystem::exists(ThroughHaproxy::program)) {
    ways.emplace_back("haproxy", maker<ThroughHaproxy>());
  } else {
    fmt::print(stderr, "haproxy is not installed: apt-get install haproxy\n");
  }
  return ways;
}

}  // namespace sunder::nemesis
