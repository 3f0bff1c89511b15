#include "harness/namespaces/namespaces.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <boost/asio/ip/address_v4.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/namespaces/descriptors.h"
#include "harness/namespaces/layout.h"
#include "harness/process/programs.h"

namespace sunder::harness {

namespace fs = std::filesystem;

namespace {

constexpr int channel_of_program = 3;

fs::path namespaces_program() {
  return programs_folder() / "sunder-namespaces";
}

boost::asio::ip::address_v4 address_at(int host) {
  return boost::asio::ip::address_v4(layout::ip_of(host));
}

// In a process group of its own, with the channel as descriptor 3.
pid_t start_server(int channel, int node_count) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, channel, channel_of_program);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::string program = namespaces_program().string();
  std::string verb = "serve";
  std::string count = std::to_string(node_count);
  std::array<char*, 4> words{program.data(), verb.data(), count.data(), nullptr};
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, program.c_str(), &actions, &attributes, words.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  throw std::system_error(error, std::generic_category(), "cannot start " + program);
}

void close_if_open(int descriptor) {
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

class Namespaces::Implementation {
 public:
  Implementation(Watchdog& watchdog, int node_count, const fs::path& folder)
      : watchdog_(watchdog), node_count_(node_count), etc_(fs::absolute(folder) / "etc") {
    fs::create_directories(etc_);
    write_hosts();
    write_name_service();
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot make a socket");
    }
    channel_ = ends[0];
    try {
      server_ = start_server(ends[1], node_count);
      close_if_open(std::exchange(ends[1], -1));
      watchdog_.guard(server_);
      take_over();
    } catch (...) {
      close_if_open(ends[1]);
      end();
      throw;
    }
  }
  ~Implementation() { end(); }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  std::vector<nemesis::SwitchPort> take_ports() {
    std::vector<nemesis::SwitchPort> ports;
    for (auto& place : places_) {
      const bool is_clients = place.host == layout::clients_host;
      const auto who = is_clients ? nemesis::all_clients : NodeId{place.host};
      ports.push_back({who, layout::mac_of(place.host), address_at(place.host),
                       std::exchange(place.socket, -1)});
    }
    return ports;
  }

  // The program finds the namespaces by sunder's descriptors: if sunder is gone, so are they.
  Launch inside(int host, bool has_own_processes, Launch launch) const {
    const auto path_of = [](int descriptor) {
      return fmt::format("/proc/{}/fd/{}", ::getpid(), descriptor);
    };
    std::vector<std::string> words{has_own_processes ? "enter" : "join",
                                   path_of(user_),
                                   path_of(place_of(host).network),
                                   etc_.string(),
                                   layout::name_of(host),
                                   launch.program.string()};
    words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
    launch.program = namespaces_program();
    launch.arguments = std::move(words);
    launch.enters_pid_namespace = has_own_processes;
    return launch;
  }

  int client_socket(int domain, int type) const {
    send_parcel(channel_, {fmt::format("{} {}", domain, type)});
    const auto answer = next_parcel();
    if (answer.descriptors.size() == 1) return answer.descriptors.front();
    throw std::runtime_error("the clients' network has no socket: " + answer.text);
  }

 private:
  struct Place {
    int host = 0;
    int network = -1;
    int socket = -1;
  };

  // Names are looked up in /etc/hosts alone: a resolver of the machine does not know the nodes.
  void write_name_service() const {
    std::ifstream machines("/etc/nsswitch.conf");
    if (!machines) return;
    std::ofstream own(etc_ / "nsswitch.conf");
    for (std::string line; std::getline(machines, line);) {
      own << (line.starts_with("hosts:") ? "hosts: files" : line) << '\n';
    }
    if (!own.flush()) throw std::runtime_error("cannot write " + (etc_ / "nsswitch.conf").string());
  }

  void write_hosts() const {
    std::ofstream hosts(etc_ / "hosts");
    hosts << "127.0.0.1 localhost\n";
    for (int host = 1; host <= node_count_; ++host) write_host(hosts, host);
    write_host(hosts, layout::clients_host);
    if (!hosts.flush()) throw std::runtime_error("cannot write " + (etc_ / "hosts").string());
  }
  static void write_host(std::ofstream& hosts, int host) {
    hosts << address_at(host).to_string() << ' ' << layout::name_of(host) << '\n';
  }

  void take_over() {
    const auto user = next_parcel();
    if (user.descriptors.size() != 1) throw std::runtime_error(user.text);
    user_ = user.descriptors.front();
    for (int host = 1; host <= node_count_ + 1; ++host) {
      const auto place = next_parcel();
      if (place.descriptors.size() != 2) throw std::runtime_error(place.text);
      places_.push_back({host > node_count_ ? layout::clients_host : host, place.descriptors[0],
                         place.descriptors[1]});
    }
  }

  Parcel next_parcel() const {
    auto parcel = receive_parcel(channel_);
    if (parcel) return std::move(*parcel);
    throw std::runtime_error("sunder-namespaces ended unexpectedly");
  }

  const Place& place_of(int host) const {
    return host == layout::clients_host ? places_.back()
                                        : places_.at(static_cast<std::size_t>(host - 1));
  }

  void end() {
    close_if_open(channel_);
    if (server_ > 0) {
      ::kill(-server_, SIGKILL);
      while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
      }
      watchdog_.release(server_);
    }
    close_if_open(user_);
    for (const auto& place : places_) {
      close_if_open(place.network);
      close_if_open(place.socket);
    }
  }

  Watchdog& watchdog_;
  int node_count_;
  fs::path etc_;
  int channel_ = -1;
  pid_t server_ = -1;
  int user_ = -1;
  // n1, n2, ..., then the clients.
  std::vector<Place> places_;
};

std::optional<std::string> Namespaces::why_impossible() {
  const auto program = namespaces_program();
  if (!fs::exists(program)) {
    return fmt::format("{} is not there: './dev build' makes it", program.string());
  }
  auto [exit_code, said] = run_program(program, {"probe"});
  if (exit_code == 0) return std::nullopt;
  said.resize(std::min(said.find('\n'), said.size()));
  return said.empty() ? program.string() + " probe failed" : said;
}

Namespaces::Namespaces(Watchdog& watchdog, int node_count, const fs::path& folder)
    : implementation_(std::make_unique<Implementation>(watchdog, node_count, folder)) {}

Namespaces::~Namespaces() = default;

std::string Namespaces::address(NodeId node) const {
  return address_at(static_cast<int>(node.value)).to_string();
}

std::vector<nemesis::SwitchPort> Namespaces::take_ports() {
  return implementation_->take_ports();
}

Launch Namespaces::inside(NodeId node, Launch launch) const {
  return implementation_->inside(static_cast<int>(node.value), true, std::move(launch));
}

Launch Namespaces::among_clients(Launch launch) const {
  return implementation_->inside(layout::clients_host, false, std::move(launch));
}

int Namespaces::client_socket(int domain, int type) const {
  return implementation_->client_socket(domain, type);
}

}  // namespace sunder::harness
