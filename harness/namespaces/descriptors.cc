#include "harness/namespaces/descriptors.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <sys/socket.h>

namespace sunder::harness {

namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t most_descriptors = 8;

struct alignas(cmsghdr) ControlSpace {
  std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> bytes{};
};

}  // namespace

void send_parcel(int socket, const Parcel& parcel) {
  const std::string text = parcel.text.substr(0, longest_text);
  iovec body{const_cast<char*>(text.data()), text.size()};
  ControlSpace control;
  msghdr message{};
  message.msg_iov = &body;
  message.msg_iovlen = 1;
  if (const auto size = parcel.descriptors.size() * sizeof(int); size > 0) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), parcel.descriptors.data(), size);
  }
  while (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    throw std::system_error(errno, std::generic_category(), "cannot hand over descriptors");
  }
}

std::optional<Parcel> receive_parcel(int socket) {
  Parcel parcel;
  parcel.text.resize(longest_text);
  iovec body{parcel.text.data(), parcel.text.size()};
  ControlSpace control;
  msghdr message{};
  message.msg_iov = &body;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  ssize_t size = -1;
  while ((size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (size == 0 || (size < 0 && errno == ECONNRESET)) return std::nullopt;
  if (size < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot take over descriptors");
  }
  parcel.text.resize(static_cast<std::size_t>(size));
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    parcel.descriptors.resize((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(parcel.descriptors.data(), CMSG_DATA(header),
                parcel.descriptors.size() * sizeof(int));
  }
  return parcel;
}

}  // namespace sunder::harness
