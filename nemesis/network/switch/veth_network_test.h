#pragma once
// A network without privileges for tests and the benchmark: a user namespace of its own, a network
// namespace for each member, and a veth pair from each to the namespace in which the switch stands.
// Surprise: it moves the whole process into these namespaces, so it is for a child process with one
// thread.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nemesis/network/switch/switch.h"

namespace sunder::nemesis {

class VethNetwork {
 public:
  /// Member 0 stands for the clients. Throws std::runtime_error that says why it cannot be made.
  explicit VethNetwork(int members, int mtu = 1500) {
    const auto user = ::geteuid();
    const auto group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
      write("/proc/self/setgroups", "deny");
      write("/proc/self/uid_map", fmt::format("0 {} 1", user));
      write("/proc/self/gid_map", fmt::format("0 {} 1", group));
    } else {
      // A second thread, such as ThreadSanitizer's own, forbids the first; root needs only this.
      require(::unshare(CLONE_NEWNET) == 0, "no user namespace can be made");
    }
    outside_ = own_name_space();
    for (int member = 0; member < members; ++member) {
      require(::unshare(CLONE_NEWNET) == 0, "no network namespace can be made");
      members_.push_back(own_name_space());
      enter(outside_);
    }
    std::string batch;
    for (int member = 0; member < members; ++member) {
      batch +=
          fmt::format("link add {} mtu {} type veth peer name eth0 mtu {} netns /proc/{}/fd/{}\n",
                      device(member), mtu, mtu, ::getpid(), at(member));
      batch += fmt::format("link set {} up\n", device(member));
    }
    configure(batch);
    for (int member = 0; member < members; ++member) set_up(member, members);
  }
  ~VethNetwork() {
    for (const int name_space : members_) ::close(name_space);
    ::close(outside_);
  }
  VethNetwork(const VethNetwork&) = delete;
  VethNetwork& operator=(const VethNetwork&) = delete;

  /// A packet socket for each member; the caller owns them.
  std::vector<SwitchPort> open_ports() const {
    std::vector<SwitchPort> ports;
    for (int member = 0; member < static_cast<int>(members_.size()); ++member) {
      SwitchPort port;
      port.who = NodeId{member};
      port.mac = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(member)};
      port.address = boost::asio::ip::make_address_v4(address(member));
      port.socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
      sockaddr_ll place{};
      place.sll_family = AF_PACKET;
      place.sll_protocol = htons(ETH_P_ALL);
      place.sll_ifindex = static_cast<int>(::if_nametoindex(device(member).c_str()));
      require(::bind(port.socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0,
              "no packet socket");
      ports.push_back(port);
    }
    return ports;
  }

  /// Joins the members by a bridge of the kernel, in place of a switch.
  void bridge() const {
    std::string batch = "link add bridge0 type bridge\nlink set bridge0 up\n";
    for (std::size_t member = 0; member < members_.size(); ++member) {
      batch += fmt::format("link set {} master bridge0\n", device(static_cast<int>(member)));
    }
    configure(batch);
  }

  static std::string address(int member) { return fmt::format("192.0.2.{}", 10 + member); }

  template <class Work>
  auto inside(int member, Work work) const {
    struct Return {
      const VethNetwork& network;
      ~Return() { network.enter(network.outside_); }
    };
    const Return back{*this};
    enter(at(member));
    return work();
  }

  /// socket(2) in the member's namespace.
  int socket(int member, int type) const {
    return inside(member, [type] { return ::socket(AF_INET, type | SOCK_CLOEXEC, 0); });
  }

  /// A counter of /proc/net/snmp there: "Tcp:", "InCsumErrors".
  long counter(int member, const std::string& protocol, const std::string& name) const {
    return inside(member, [&] {
      std::ifstream file("/proc/thread-self/net/snmp");
      std::string names;
      std::string values;
      while (std::getline(file, names) && std::getline(file, values)) {
        if (!names.starts_with(protocol)) continue;
        std::istringstream name_words(names);
        std::istringstream value_words(values);
        std::string word;
        std::string value;
        while (name_words >> word && value_words >> value) {
          if (word == name) return std::stol(value);
        }
      }
      throw std::runtime_error("no counter " + name);
    });
  }

  /// The member's namespace ends with its last socket.
  void remove(int member) {
    ::close(at(member));
    members_[static_cast<std::size_t>(member)] = -1;
  }

 private:
  static void require(bool ok, const std::string& what) {
    if (!ok) throw std::runtime_error(what + ": " + std::strerror(errno));
  }

  static void write(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text << std::flush;
    require(bool(file), path);
  }

  static int own_name_space() {
    const int name_space = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    require(name_space >= 0, "/proc/thread-self/ns/net");
    return name_space;
  }

  static std::string device(int member) { return fmt::format("port{}", member); }

  static void configure(const std::string& batch) {
    FILE* ip = ::popen("ip -batch - 2>&1", "w");
    require(ip != nullptr, "ip");
    std::fputs(batch.c_str(), ip);
    if (::pclose(ip) != 0) throw std::runtime_error("ip (Debian: iproute2) failed on:\n" + batch);
  }

  int at(int member) const { return members_.at(static_cast<std::size_t>(member)); }

  void enter(int name_space) const { require(::setns(name_space, CLONE_NEWNET) == 0, "setns"); }

  static std::string mac(int member) { return fmt::format("02:00:00:00:00:{:02x}", member); }

  // Without ARP, which must not fail in a partition, and without IPv6, which talks by itself.
  void set_up(int member, int members) const {
    std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << 1;
    std::string batch = fmt::format(
        "link set lo up\nlink set eth0 address {} arp off\naddr add {}/24 dev eth0\n"
        "link set eth0 up\n",
        mac(member), address(member));
    for (int other = 0; other < members; ++other) {
      if (other == member) continue;
      batch += fmt::format("neigh add {} lladdr {} dev eth0 nud permanent\n", address(other),
                           mac(other));
    }
    inside(member, [&] {
      std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << 1;
      configure(batch);
    });
  }

  int outside_ = -1;
  std::vector<int> members_;
};

}  // namespace sunder::nemesis
