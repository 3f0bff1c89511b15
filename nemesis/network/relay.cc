#include "nemesis/network/relay.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/uio.h>

namespace sunder::nemesis {
namespace {

// Large enough that a busy stream costs few system calls, small enough to stay in the cache.
constexpr std::size_t buffer_bytes = std::size_t{128} << 10;

// A busy stream makes way for others after so many reads.
constexpr int reads_in_a_row = 8;

constexpr std::size_t parts_at_once = 64;

// Delayed messages beyond this make the sender wait.
constexpr std::size_t most_delayed_bytes = std::size_t{16} << 20;

// Changes one bit of the payload, or of the checksum if there is no payload: the frame stays a
// frame.
void corrupt(std::vector<char>& frame, std::uint64_t number) {
  const bool has_payload = frame.size() > frame_header_bytes;
  const std::size_t begin = has_payload ? frame_header_bytes : 8;
  const std::size_t size = has_payload ? frame.size() - frame_header_bytes : 4;
  frame[begin + number % size] ^= static_cast<char>(1 << (number >> 32) % 8);
}

}  // namespace

Relay::Relay(boost::asio::io_context& io, Owner& owner, Descriptor& source, Descriptor& destination,
             Link link, Mode mode, LinkRules& rules, LinkStatistics& statistics,
             const WatchFrames& watch)
    : owner_(owner),
      source_(source),
      destination_(destination),
      link_(link),
      mode_(mode),
      rules_(rules),
      statistics_(statistics),
      watch_(watch),
      filter_([this](const FrameHeader&) { return decide(); },
              [this](const FrameHeader& header, const std::vector<char>& frame) {
                delay(header.type, frame);
              },
              [this](const FrameHeader& header, std::span<const char> part, bool is_complete) {
                this->watch(header, part, is_complete);
              }),
      buffer_(buffer_bytes),
      due_timer_(io) {}

void Relay::run() {
  if (std::exchange(is_running_, true)) return;
  work();
  is_running_ = false;
}

void Relay::work() {
  for (int reads = 0; reads < reads_in_a_row; ++reads) {
    if (!write_and_want_more() || !read_more()) return;
  }
  if (write_and_want_more()) wait_to_read();
}

// Writes all that is due. False if nothing is to be read now; whatever must happen first is
// awaited.
bool Relay::write_and_want_more() {
  if (ended_ || is_held() || !write_all()) return false;
  if (!delayed_.empty()) {
    wait_until_due();
  } else if (source_closed_) {
    end(End::finished);
  }
  return !source_closed_ && delayed_bytes_ < most_delayed_bytes;
}

// Without message faults everything that they held back is due: a healed link carries on at once.
void Relay::rules_changed() {
  if (ended_) return;
  if (fates() == nullptr && !delayed_.empty()) {
    std::multimap<Clock::time_point, std::vector<char>> now_due;
    for (auto& [when, bytes] : delayed_) now_due.emplace(Clock::time_point(), std::move(bytes));
    delayed_ = std::move(now_due);
  }
  run();
}

void Relay::stop() {
  ended_ = true;
  due_timer_.cancel();
}

bool Relay::write_all() {
  do {
    if (!write_pending()) return false;
  } while (take_due());
  return true;
}

// Makes the next delayed message that is due the pending one. A framed link that is blocked by now
// loses it.
bool Relay::take_due() {
  while (!delayed_.empty() && delayed_.begin()->first <= Clock::now()) {
    due_ = std::move(delayed_.extract(delayed_.begin()).mapped());
    delayed_bytes_ -= due_.size();
    if (mode_ == Mode::frames) {
      const bool lost = rules_.is_blocked(link_);
      ++(lost ? statistics_.frames_dropped : statistics_.frames_forwarded);
      if (lost) continue;
    }
    pending_.push_back(due_);
    return true;
  }
  return false;
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
  if (!incomplete_.empty()) {
    std::memmove(buffer_.data(), incomplete_.data(), incomplete_.size());
  }
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
    if (bytes.empty()) return true;
    if (edit_greeting_) {
      greeting_.append(bytes.data(), bytes.size());
      auto edited = edit_greeting_(greeting_);
      if (!edited) return true;
      edit_greeting_ = nullptr;
      greeting_ = std::move(*edited);
      bytes = greeting_;
    }
    if (fates() != nullptr || !delayed_.empty()) {
      delay(std::nullopt, {bytes.begin(), bytes.end()});
    } else {
      pending_.push_back(bytes);
    }
    return true;
  }
  const FrameFilter::Result result = filter_.feed(bytes, pending_);
  incomplete_ = bytes.subspan(result.consumed);
  if (ended_) return false;
  if (result.error.empty()) return true;
  error_ = result.error;
  end(End::malformed);
  return false;
}

FrameFilter::Decision Relay::decide() {
  if (rules_.is_blocked(link_)) {
    ++statistics_.frames_dropped;
    return FrameFilter::Decision::drop;
  }
  if (fates() != nullptr || !delayed_.empty()) return FrameFilter::Decision::collect;
  ++statistics_.frames_forwarded;
  return FrameFilter::Decision::pass;
}

void Relay::watch(const FrameHeader& header, std::span<const char> part, bool is_complete) {
  if (!watch_ || !is_watched(header.type)) return;
  std::string_view frame(part.data(), part.size());
  if (!is_complete || !watched_.empty()) frame = watched_.append(frame);
  if (!is_complete) return;
  const auto sent = parse_sent_frame(link_, header.type, frame.substr(frame_header_bytes));
  if (sent) watch_(*sent);
  watched_.clear();
}

// Puts each copy that will arrive where its time is. Equal times keep the order of insertion.
void Relay::delay(std::optional<FrameType> type, const std::vector<char>& bytes) {
  const Clock::time_point now = Clock::now();
  std::vector<MessageFates::Arrival> arrivals{{now, {}}};
  if (MessageFates* active = fates()) arrivals = active->decide(type, bytes.size(), now);
  if (arrivals.empty()) ++statistics_.frames_dropped;
  for (const MessageFates::Arrival& arrival : arrivals) {
    std::vector<char> copy = bytes;
    if (arrival.corrupted_byte) corrupt(copy, *arrival.corrupted_byte);
    delayed_bytes_ += copy.size();
    delayed_.emplace(arrival.when, std::move(copy));
  }
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

void Relay::wait_until_due() {
  if (due_timer_.expiry() == delayed_.begin()->first) return;
  due_timer_.expires_at(delayed_.begin()->first);
  due_timer_.async_wait([this, alive = owner_.keep_alive()](boost::system::error_code error) {
    if (!error) run();
  });
}

}  // namespace sunder::nemesis
