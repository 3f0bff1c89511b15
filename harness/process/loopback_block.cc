#include "harness/process/loopback_block.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sunder::harness {

namespace {

constexpr std::uint16_t claim_port = 7999;
constexpr int claim_host = 254;
constexpr int attempts = 4096;

}  // namespace

LoopbackBlock::LoopbackBlock() {
  // Start at a place that depends on the process, so that runs begun together do not race.
  auto place = static_cast<unsigned>(::getpid()) * 2654435761U;
  for (int attempt = 0; attempt < attempts; ++attempt, place += 257) {
    // 127.0 is left to the machine's own services, 127.255 holds the broadcast address.
    const int second = 1 + static_cast<int>((place >> 8) % 254);
    const int third = static_cast<int>(place % 256);
    if (claim(second, third)) return;
  }
  throw std::runtime_error(
      "no free block of loopback addresses: 127.1.0.0 to 127.254.255.255 are "
      "all claimed, or this machine's loopback has only 127.0.0.1");
}

LoopbackBlock::~LoopbackBlock() {
  ::close(socket_);
}

std::string LoopbackBlock::address(int host) const {
  return fmt::format("127.{}.{}.{}", second_, third_, host);
}

bool LoopbackBlock::claim(int second, int third) {
  second_ = second;
  third_ = third;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) {
    throw std::runtime_error(fmt::format("cannot make a socket: {}", std::strerror(errno)));
  }
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(claim_port);
  ::inet_pton(AF_INET, address(claim_host).c_str(), &where.sin_addr);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::listen(socket, 1) != 0) {
    ::close(socket);
    return false;
  }
  socket_ = socket;
  return true;
}

}  // namespace sunder::harness
