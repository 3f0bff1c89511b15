#include "nemesis/relay.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/uio.h>

namespace sunder::nemesis {
namespace {

// Large enough that a busy stream costs few system calls, small enough to stay in the cache.
constexpr std::size_t buffer_bytes = std::size_t{128} << 10;

// A busy stream makes way for others after so many reads.
constexpr int reads_in_a_row = 8;

constexpr std::size_t parts_at_once = 64;

}  // namespace

Relay::Relay(Owner& owner, Descriptor& source, Descriptor& destination, Link link, Mode mode,
             const LinkRules& rules, LinkStatistics& statistics)
    : owner_(owner),
      source_(source),
      destination_(destination),
      link_(link),
      mode_(mode),
      rules_(rules),
      statistics_(statistics),
      filter_([this](const FrameHeader&) {
        const bool keep = !rules_.is_blocked(link_);
        ++(keep ? statistics_.frames_forwarded : statistics_.frames_dropped);
        return keep;
      }),
      buffer_(buffer_bytes) {}

void Relay::run() {
  for (int reads = 0; reads < reads_in_a_row; ++reads) {
    if (ended_ || is_held() || !write_pending()) return;
    if (source_closed_) return end(End::finished);
    if (!read_more()) return;
  }
  wait_to_read();
}

// False if the rest must wait, or the relay ended.
bool Relay::write_pending() {
  while (!pending_.empty()) {
    std::array<iovec, parts_at_once> parts;
    const std::size_t count = std::min(pending_.size(), parts.size());
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<char*>(pending_[i].data()), pending_[i].size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent =
        ::sendmsg(destination_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      wait_to_write();
      return false;
    }
    if (sent < 0) {
      end(End::broken);
      return false;
    }
    statistics_.bytes_forwarded += static_cast<std::uint64_t>(sent);
    drop_written(static_cast<std::size_t>(sent));
  }
  return true;
}

void Relay::drop_written(std::size_t written) {
  auto part = pending_.begin();
  while (part != pending_.end() && written >= part->size()) {
    written -= part->size();
    ++part;
  }
  pending_.erase(pending_.begin(), part);
  if (written > 0) pending_.front() = pending_.front().subspan(written);
}

// Fills the buffer once. False if nothing more is there now, or the relay ended.
bool Relay::read_more() {
  std::memmove(buffer_.data(), incomplete_.data(), incomplete_.size());
  char* free = buffer_.data() + incomplete_.size();
  const std::size_t room = buffer_.size() - incomplete_.size();
  incomplete_ = {buffer_.data(), incomplete_.size()};
  const ssize_t size = ::recv(source_.native_handle(), free, room, MSG_DONTWAIT);
  if (size < 0 && errno == EINTR) return true;
  if (size < 0 && errno == EAGAIN) {
    wait_to_read();
    return false;
  }
  if (size < 0) {
    end(End::broken);
    return false;
  }
  source_closed_ = size == 0;
  return take_in({buffer_.data(), incomplete_.size() + static_cast<std::size_t>(size)});
}

bool Relay::take_in(std::span<char> bytes) {
  if (mode_ != Mode::frames) {
    if (!bytes.empty()) pending_.push_back(bytes);
    return true;
  }
  const FrameFilter::Result result = filter_.feed(bytes, pending_);
  incomplete_ = bytes.subspan(result.consumed);
  if (!result.well_formed) end(End::malformed);
  return result.well_formed;
}

void Relay::end(End end) {
  ended_ = true;
  owner_.ended(*this, end);
}

void Relay::wait_to_read() {
  if (waiting_to_read_) return;
  waiting_to_read_ = true;
  source_.async_wait(Descriptor::wait_read,
                     [this, alive = owner_.keep_alive()](boost::system::error_code error) {
                       waiting_to_read_ = false;
                       if (!error) run();
                     });
}

void Relay::wait_to_write() {
  if (waiting_to_write_) return;
  waiting_to_write_ = true;
  destination_.async_wait(Descriptor::wait_write,
                          [this, alive = owner_.keep_alive()](boost::system::error_code error) {
                            waiting_to_write_ = false;
                            if (!error) run();
                          });
}

}  // namespace sunder::nemesis
