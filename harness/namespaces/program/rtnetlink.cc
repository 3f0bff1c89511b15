#include "harness/namespaces/program/rtnetlink.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/namespaces/program/obstacle.h"

namespace sunder::harness::namespaces {

/// One message: a header of its kind, then attributes, each of which may hold attributes.
class RouteSocket::Request {
 public:
  template <typename Header>
  Request(std::uint16_t type, std::uint16_t flags, const Header& header)
      : type_(type), flags_(static_cast<std::uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK)) {
    bytes_.assign(NLMSG_HDRLEN, '\0');
    append(&header, sizeof header);
  }

  void add(std::uint16_t type, const void* value, std::size_t size) {
    const auto start = open(type);
    append(value, size);
    close(start);
  }
  void add(std::uint16_t type, const char* text) { add(type, text, std::strlen(text) + 1); }
  template <std::size_t Size>
  void add(std::uint16_t type, const std::array<std::uint8_t, Size>& value) {
    add(type, value.data(), value.size());
  }

  /// What is added until close() is within it.
  std::size_t open(std::uint16_t type) {
    const auto start = bytes_.size();
    const rtattr attribute{0, type};
    append(&attribute, sizeof attribute);
    return start;
  }
  void close(std::size_t start) {
    const auto size = static_cast<std::uint16_t>(bytes_.size() - start);
    std::memcpy(bytes_.data() + start + offsetof(rtattr, rta_len), &size, sizeof size);
    bytes_.resize(RTA_ALIGN(bytes_.size()));
  }

  void append(const void* value, std::size_t size) {
    bytes_.append(static_cast<const char*>(value), size);
  }

  const std::string& finished() {
    const nlmsghdr header{static_cast<std::uint32_t>(bytes_.size()), type_, flags_, 1, 0};
    std::memcpy(bytes_.data(), &header, sizeof header);
    return bytes_;
  }

 private:
  std::uint16_t type_;
  std::uint16_t flags_;
  std::string bytes_;
};

namespace {

constexpr std::uint16_t make_new = NLM_F_CREATE | NLM_F_EXCL;

void require_done(int error) {
  if (error != 0) throw Obstacle(Step::link, error);
}

int index_of(const char* name) {
  const auto index = ::if_nametoindex(name);
  require(Step::link, index != 0);
  return static_cast<int>(index);
}

ifinfomsg to_be_up(const char* name) {
  ifinfomsg link{};
  link.ifi_index = index_of(name);
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  return link;
}

}  // namespace

RouteSocket::RouteSocket() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  require(Step::link, socket_ >= 0);
}

RouteSocket::~RouteSocket() {
  ::close(socket_);
}

int RouteSocket::perform(Request& request) {
  const auto& bytes = request.finished();
  if (::send(socket_, bytes.data(), bytes.size(), 0) < 0) return errno;
  struct {
    nlmsghdr header;
    nlmsgerr answer;
    std::array<char, 4096> rest;
  } reply{};
  if (::recv(socket_, &reply, sizeof reply, 0) < 0) return errno;
  return reply.header.nlmsg_type == NLMSG_ERROR ? -reply.answer.error : EPROTO;
}

void RouteSocket::add_veth(const char* name, const Mac& mac, const char* peer, int peer_namespace) {
  Request request(RTM_NEWLINK, make_new, ifinfomsg{});
  request.add(IFLA_IFNAME, name);
  request.add(IFLA_ADDRESS, mac);
  const auto info = request.open(IFLA_LINKINFO);
  request.add(IFLA_INFO_KIND, "veth");
  const auto data = request.open(IFLA_INFO_DATA);
  const auto other_end = request.open(VETH_INFO_PEER);
  const ifinfomsg peer_link{};
  request.append(&peer_link, sizeof peer_link);
  request.add(IFLA_IFNAME, peer);
  request.add(IFLA_NET_NS_FD, &peer_namespace, sizeof peer_namespace);
  request.close(other_end);
  request.close(data);
  request.close(info);
  require_done(perform(request));
}

void RouteSocket::bring_up(const char* name) {
  ifinfomsg silent{};
  silent.ifi_index = index_of(name);
  silent.ifi_flags = IFF_NOARP;
  silent.ifi_change = IFF_NOARP;
  Request without_ipv6(RTM_NEWLINK, 0, silent);
  const auto families = without_ipv6.open(IFLA_AF_SPEC);
  const auto ipv6 = without_ipv6.open(AF_INET6);
  const std::uint8_t none = IN6_ADDR_GEN_MODE_NONE;
  without_ipv6.add(IFLA_INET6_ADDR_GEN_MODE, &none, sizeof none);
  without_ipv6.close(ipv6);
  without_ipv6.close(families);
  // A kernel without IPv6 gives no such address, either.
  if (const int error = perform(without_ipv6); error == EAFNOSUPPORT) {
    Request without_arp(RTM_NEWLINK, 0, silent);
    require_done(perform(without_arp));
  } else {
    require_done(error);
  }
  Request up(RTM_NEWLINK, 0, to_be_up(name));
  require_done(perform(up));
}

void RouteSocket::bring_up_loopback() {
  Request request(RTM_NEWLINK, 0, to_be_up("lo"));
  require_done(perform(request));
}

void RouteSocket::add_address(const char* name, const Ip& ip, int prefix_bits) {
  ifaddrmsg address{};
  address.ifa_family = AF_INET;
  address.ifa_prefixlen = static_cast<std::uint8_t>(prefix_bits);
  address.ifa_index = static_cast<unsigned>(index_of(name));
  Request request(RTM_NEWADDR, make_new, address);
  request.add(IFA_LOCAL, ip);
  request.add(IFA_ADDRESS, ip);
  require_done(perform(request));
}

void RouteSocket::add_neighbour(const char* name, const Ip& ip, const Mac& mac) {
  ndmsg neighbour{};
  neighbour.ndm_family = AF_INET;
  neighbour.ndm_ifindex = index_of(name);
  neighbour.ndm_state = NUD_PERMANENT;
  Request request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, neighbour);
  request.add(NDA_DST, ip);
  request.add(NDA_LLADDR, mac);
  require_done(perform(request));
}

}  // namespace sunder::harness::namespaces
