#pragma once
// Links, addresses and neighbours of one network namespace, by the kernel's rtnetlink (man 7
// rtnetlink). All of it throws an Obstacle of Step::link.

#include <array>
#include <cstdint>

namespace sunder::harness::namespaces {

using Mac = std::array<std::uint8_t, 6>;
using Ip = std::array<std::uint8_t, 4>;

class RouteSocket {
 public:
  /// Of the network namespace in which the process is; it stays the socket's.
  RouteSocket();
  ~RouteSocket();
  RouteSocket(const RouteSocket&) = delete;
  RouteSocket& operator=(const RouteSocket&) = delete;

  /// The end `name` is here, the end `peer` in the namespace of the descriptor. Both are down.
  void add_veth(const char* name, const Mac& mac, const char* peer, int peer_namespace);
  /// Up, without ARP (its neighbours are set) and without any IPv6 address.
  void bring_up(const char* name);
  void bring_up_loopback();
  void add_address(const char* name, const Ip& ip, int prefix_bits);
  void add_neighbour(const char* name, const Ip& ip, const Mac& mac);

 private:
  class Request;
  /// The kernel's error number; 0 if it was done.
  int perform(Request& request);

  int socket_ = -1;
};

}  // namespace sunder::harness::namespaces
