#include "nemesis/network/switch/port_socket.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <linux/if_packet.h>
#include <sys/time.h>
#include <unistd.h>

namespace sunder::nemesis {
namespace {

// An Ethernet frame of the largest IPv4 packet, and what is before it.
constexpr std::size_t largest_frame = packet_begin + 65'536;

constexpr std::size_t frames_sent_at_once = 64;

void require_option(int socket, int option, int value) {
  if (::setsockopt(socket, SOL_PACKET, option, &value, sizeof value) == 0) return;
  throw std::system_error(errno, std::generic_category(), "an option of the switch's socket");
}

// The kernel sends to another namespace at once, so this never waits long.
constexpr timeval longest_send{1, 0};

constexpr int wanted_buffer_bytes = 8 << 20;

}  // namespace

ReceiveBuffers::ReceiveBuffers() : bytes_(frames_at_once * largest_frame), messages_{} {
  for (std::size_t i = 0; i < frames_at_once; ++i) {
    parts_[i] = {bytes_.data() + i * largest_frame, largest_frame};
    messages_[i].msg_hdr.msg_iov = &parts_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

PortSocket::PortSocket(int socket) : socket_(socket) {
  require_option(socket, PACKET_VNET_HDR, 1);
  require_option(socket, PACKET_IGNORE_OUTGOING, 1);
  require_option(socket, PACKET_QDISC_BYPASS, 1);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &longest_send, sizeof longest_send);
  // With privileges as much as wanted, otherwise as much as the machine allows.
  for (const int option : {SO_RCVBUF, SO_SNDBUF, SO_RCVBUFFORCE, SO_SNDBUFFORCE}) {
    ::setsockopt(socket, SOL_SOCKET, option, &wanted_buffer_bytes, sizeof wanted_buffer_bytes);
  }
}

PortSocket::~PortSocket() {
  close();
}

void PortSocket::close() {
  has_gone_ = true;
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void PortSocket::note_error(int error) {
  if (error == ENETDOWN || error == ENXIO || error == ENODEV) has_gone_ = true;
}

PortSocket::Received PortSocket::receive(ReceiveBuffers& buffers) const {
  buffers.frames_.clear();
  const int count = ::recvmmsg(socket_, buffers.messages_.data(), ReceiveBuffers::frames_at_once,
                               MSG_DONTWAIT, nullptr);
  if (count < 0) return {{}, errno};
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    buffers.frames_.emplace_back(
        static_cast<const std::uint8_t*>(buffers.parts_[i].iov_base),
        std::min<std::size_t>(buffers.messages_[i].msg_len, largest_frame));
  }
  return {buffers.frames_, 0};
}

std::uint64_t PortSocket::take_overrun() {
  tpacket_stats statistics{};
  socklen_t size = sizeof statistics;
  if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0) return 0;
  return statistics.tp_drops;
}

void PortSocket::enqueue(std::shared_ptr<const Frame> frame) {
  waiting_.emplace_back(*frame);
  owned_.push_back(std::move(frame));
}

std::size_t PortSocket::flush() {
  std::array<iovec, frames_sent_at_once> parts;
  std::array<mmsghdr, frames_sent_at_once> messages{};
  std::size_t unsent = 0;
  std::size_t done = 0;
  while (done < waiting_.size() && !has_gone_) {
    const std::size_t count = std::min(waiting_.size() - done, frames_sent_at_once);
    for (std::size_t i = 0; i < count; ++i) {
      const FrameView frame = waiting_[done + i];
      parts[i] = {const_cast<std::uint8_t*>(frame.data()), frame.size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(socket_, messages.data(), static_cast<unsigned>(count), 0);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno != EINTR) {
      note_error(errno);
      ++unsent;
      ++done;
    }
  }
  unsent += waiting_.size() - done;
  waiting_.clear();
  owned_.clear();
  return unsent;
}

}  // namespace sunder::nemesis
