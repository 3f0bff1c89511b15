#include "harness/namespaces/program/network.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/namespaces/layout.h"
#include "harness/namespaces/program/obstacle.h"
#include "harness/namespaces/program/rtnetlink.h"

namespace sunder::harness::namespaces {

namespace {

constexpr const char* node_end = "eth0";

std::string text_of(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The kernel takes a map in one write.
int write_at_once(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  const int error = ::write(file, text.data(), text.size()) < 0 ? errno : 0;
  ::close(file);
  return error;
}

// Every number that this process' own namespace knows, as itself.
std::string everything_in(const std::string& map) {
  std::istringstream lines(map);
  std::string same;
  unsigned long inside = 0;
  unsigned long outside = 0;
  unsigned long count = 0;
  while (lines >> inside >> outside >> count) {
    same +=
        std::to_string(inside) + " " + std::to_string(inside) + " " + std::to_string(count) + "\n";
  }
  return same;
}

std::string one(unsigned id) {
  return std::to_string(id) + " " + std::to_string(id) + " 1\n";
}

// Of a process in a namespace below this one. Returns errno's value.
int map_users(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  if (::geteuid() == 0 &&
      write_at_once(folder + "/gid_map", everything_in(text_of("/proc/self/gid_map"))) == 0) {
    return write_at_once(folder + "/uid_map", everything_in(text_of("/proc/self/uid_map")));
  }
  if (const int error = write_at_once(folder + "/setgroups", "deny")) return error;
  if (const int error = write_at_once(folder + "/gid_map", one(::getegid()))) return error;
  return write_at_once(folder + "/uid_map", one(::geteuid()));
}

int own_network() {
  const int descriptor = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  require(Step::network_namespace, descriptor >= 0);
  return descriptor;
}

int enter_new_network() {
  require(Step::network_namespace, ::unshare(CLONE_NEWNET) == 0);
  return own_network();
}

std::vector<int> hosts_of(int node_count) {
  std::vector<int> hosts;
  for (int node = 1; node <= node_count; ++node) hosts.push_back(node);
  hosts.push_back(layout::clients_host);
  return hosts;
}

// Of the network namespace in which the process is, with a link to the one of the switch.
void furnish(int host, const std::vector<int>& all, int switch_namespace) {
  RouteSocket route;
  route.bring_up_loopback();
  route.add_veth(node_end, layout::mac_of(host), layout::name_of(host).c_str(), switch_namespace);
  route.add_address(node_end, layout::ip_of(host), layout::prefix_bits);
  route.bring_up(node_end);
  for (const int other : all) {
    if (other == host) continue;
    route.add_neighbour(node_end, layout::ip_of(other), layout::mac_of(other));
  }
}

// Sees nothing before it is bound, so it is bound when all is set.
int packet_socket(const std::string& link) {
  const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  require(Step::packet_socket, socket >= 0);
  const int on = 1;
  sockaddr_ll where{};
  where.sll_family = AF_PACKET;
  where.sll_protocol = htons(ETH_P_ALL);
  where.sll_ifindex = static_cast<int>(::if_nametoindex(link.c_str()));
  require(Step::packet_socket,
          ::setsockopt(socket, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) == 0 &&
              ::setsockopt(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == 0 &&
              ::bind(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  return socket;
}

}  // namespace

void enter_new_user_namespace() {
  std::array<int, 2> entered{};
  require(Step::user_namespace, ::pipe2(entered.data(), O_CLOEXEC) == 0);
  const pid_t parent = ::getpid();
  // The maps of more than one user are written from outside.
  const pid_t mapper = ::fork();
  require(Step::user_namespace, mapper >= 0);
  if (mapper == 0) {
    ::close(entered[1]);
    char go = 0;
    ::_exit(::read(entered[0], &go, 1) == 1 ? map_users(parent) : 0);
  }
  ::close(entered[0]);
  const int refused = ::unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
  if (refused == 0) require(Step::user_map, ::write(entered[1], "!", 1) == 1);
  ::close(entered[1]);
  int status = 0;
  while (::waitpid(mapper, &status, 0) < 0 && errno == EINTR) {
  }
  if (refused != 0) throw Obstacle(Step::user_namespace, refused);
  if (const int error = WEXITSTATUS(status)) throw Obstacle(Step::user_map, error);
}

Network make_network(int node_count) {
  enter_new_user_namespace();
  Network network;
  network.user = ::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
  require(Step::user_namespace, network.user >= 0);
  const int switch_namespace = enter_new_network();
  const auto hosts = hosts_of(node_count);
  for (const int host : hosts) {
    network.places.push_back({host, enter_new_network()});
    furnish(host, hosts, switch_namespace);
  }
  require(Step::network_namespace, ::setns(switch_namespace, CLONE_NEWNET) == 0);
  RouteSocket route;
  for (auto& place : network.places) {
    const auto link = layout::name_of(place.host);
    // A socket on a link that is down begins with an error.
    route.bring_up(link.c_str());
    place.socket = packet_socket(link);
  }
  ::close(switch_namespace);
  return network;
}

}  // namespace sunder::harness::namespaces
