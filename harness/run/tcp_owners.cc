#include "harness/run/tcp_owners.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>

#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sunder::nemesis {
namespace {

using boost::asio::ip::tcp;

constexpr std::uint32_t any_state = ~0U;
constexpr std::uint32_t state_established = 1U << TCP_ESTABLISHED;
constexpr std::uint32_t no_cookie = ~0U;

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

Question question(int family, std::uint32_t states, std::uint16_t flags) {
  Question asked{};
  asked.header.nlmsg_len = sizeof asked;
  asked.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  asked.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  asked.request.sdiag_family = static_cast<std::uint8_t>(family);
  asked.request.sdiag_protocol = IPPROTO_TCP;
  asked.request.idiag_states = states;
  return asked;
}

/// A conversation with the kernel.
class Kernel {
 public:
  Kernel() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    if (socket_ < 0) fail();
  }
  ~Kernel() { ::close(socket_); }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// Calls `take` with each socket of the answer.
  template <typename Take>
  void ask(const Question& asked, Take take) {
    if (::send(socket_, &asked, sizeof asked, 0) < 0) fail();
    const bool is_dump = (asked.header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
    do {
      const ssize_t size = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) fail();
      if (!take_messages(static_cast<std::size_t>(size), take)) return;
    } while (is_dump);
  }

 private:
  [[noreturn]] static void fail() {
    throw boost::system::system_error(
        boost::system::error_code(errno, boost::system::system_category()),
        "the kernel does not say whose connections there are (NETLINK_SOCK_DIAG)");
  }

  // False at the end of the answer.
  template <typename Take>
  bool take_messages(std::size_t size, Take take) {
    // Wide enough for both signs that the macros compare it with.
    auto left = static_cast<std::int64_t>(size);
    for (auto* header = reinterpret_cast<const nlmsghdr*>(buffer_.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return false;
      if (header->nlmsg_type == NLMSG_ERROR) {
        const auto* error = static_cast<const nlmsgerr*>(NLMSG_DATA(header));
        if (error->error == -ENOENT || error->error == 0) return false;
        errno = -error->error;
        fail();
      }
      take(*static_cast<const inet_diag_msg*>(NLMSG_DATA(header)));
    }
    return true;
  }

  int socket_;
  alignas(nlmsghdr) std::array<char, 32768> buffer_;
};

// Empty for an address of IPv6 that is none of IPv4.
std::optional<tcp::endpoint> endpoint_of(int family, const __be32* words, __be16 port) {
  constexpr std::size_t place_of_ipv4 = 3;
  const bool is_mapped =
      family == AF_INET6 && words[0] == 0 && words[1] == 0 && ntohl(words[2]) == 0xffff;
  if (family != AF_INET && !is_mapped) return std::nullopt;
  const auto address = ntohl(family == AF_INET ? words[0] : words[place_of_ipv4]);
  return tcp::endpoint(boost::asio::ip::address_v4(address), ntohs(port));
}

}  // namespace

std::optional<SocketInode> socket_between(const tcp::endpoint& local, const tcp::endpoint& remote) {
  Question asked = question(AF_INET, any_state, 0);
  asked.request.id.idiag_sport = htons(local.port());
  asked.request.id.idiag_dport = htons(remote.port());
  asked.request.id.idiag_src[0] = htonl(local.address().to_v4().to_uint());
  asked.request.id.idiag_dst[0] = htonl(remote.address().to_v4().to_uint());
  asked.request.id.idiag_cookie[0] = no_cookie;
  asked.request.id.idiag_cookie[1] = no_cookie;
  std::optional<SocketInode> found;
  Kernel().ask(asked, [&found](const inet_diag_msg& socket) {
    if (socket.idiag_inode != 0) found = socket.idiag_inode;
  });
  return found;
}

std::vector<TcpEnd> established_connections() {
  std::vector<TcpEnd> ends;
  Kernel kernel;
  for (const int family : {AF_INET, AF_INET6}) {
    kernel.ask(question(family, state_established, NLM_F_DUMP), [&ends](const auto& socket) {
      const auto& id = socket.id;
      const auto local = endpoint_of(socket.idiag_family, id.idiag_src, id.idiag_sport);
      const auto remote = endpoint_of(socket.idiag_family, id.idiag_dst, id.idiag_dport);
      if (local && remote) ends.push_back({*local, *remote, socket.idiag_inode});
    });
  }
  return ends;
}

std::set<SocketInode> sockets_of(pid_t process) {
  constexpr std::string_view label = "socket:[";
  std::set<SocketInode> inodes;
  std::error_code error;
  std::filesystem::directory_iterator entry(fmt::format("/proc/{}/fd", process), error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code closed_meanwhile;
    const auto target = std::filesystem::read_symlink(entry->path(), closed_meanwhile).string();
    if (!target.starts_with(label)) continue;
    SocketInode inode = 0;
    std::from_chars(target.data() + label.size(), target.data() + target.size(), inode);
    inodes.insert(inode);
  }
  return inodes;
}

std::set<SocketInode> sockets_of_group(pid_t group) {
  std::set<SocketInode> inodes;
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const auto name = entry->path().filename().string();
    pid_t process = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), process);
    if (parsed.ec == std::errc{} && ::getpgid(process) == group) {
      inodes.merge(sockets_of(process));
    }
  }
  return inodes;
}

}  // namespace sunder::nemesis
