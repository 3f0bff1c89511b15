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

// After so many reads in a row a busy relay lets others run.
constexpr int reads_in_a_row = 8;

constexpr std::size_t parts_at_once = 64;

// While more than this is delayed, the relay does not read.
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
             Link link, Traffic traffic, LinkRules& rules, LinkStatistics& statistics,
             const WatchFrames& watch)
    : owner_(owner),
      source_(source),
      destination_(destination),
      link_(link),
      traffic_(traffic),
      statistics_(statistics),
      watch_(watch),
      filter_([this](const FrameHeader&) { return decide(); },
              [this](const FrameHeader& header, std::vector<char> frame) {
                enqueue(header.type, std::move(frame));
              },
              [this](const FrameHeader& header, std::span<const char> part, bool is_complete) {
                this->watch(header, part, is_complete);
              }),
      buffer_(buffer_bytes),
      in_flight_(rules, link, traffic),
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

// Writes all that is due. False if the relay must not read now; it then waits for what must happen
// first.
bool Relay::write_and_want_more() {
  if (ended_ || in_flight_.passage() == Passage::held || !write_all()) return false;
  if (const auto due = in_flight_.next_due()) {
    wait_until(*due);
  } else if (source_closed_) {
    end(End::finished);
  }
  return !source_closed_ && in_flight_.size_bytes() < most_delayed_bytes;
}

void Relay::rules_changed() {
  if (ended_) return;
  in_flight_.rules_changed();
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

// Makes the next delayed message that is due the pending one. False if none is due.
bool Relay::take_due() {
  while (!in_flight_.empty()) {
    auto arrival = in_flight_.take_due(Clock::now());
    if (!arrival) return false;
    if (carries_frames()) {
      ++(arrival->is_lost ? statistics_.frames_dropped : statistics_.frames_forwarded);
    }
    if (arrival->is_lost) continue;
    due_ = std::move(arrival->message);
    if (arrival->corrupted_byte) corrupt(due_, *arrival->corrupted_byte);
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

// Reads once. False if nothing is there to read now, or the relay ended.
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
  if (!carries_frames()) {
    if (bytes.empty()) return true;
    if (edit_greeting_) {
      greeting_.append(bytes.data(), bytes.size());
      auto edited = edit_greeting_(greeting_);
      if (!edited) return true;
      edit_greeting_ = nullptr;
      greeting_ = std::move(*edited);
      bytes = greeting_;
    }
    if (in_flight_.passage() == Passage::open) {
      pending_.push_back(bytes);
    } else {
      enqueue(std::nullopt, {bytes.begin(), bytes.end()});
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
  const Passage passage = in_flight_.passage();
  if (passage == Passage::in_turn) return FrameFilter::Decision::collect;
  const bool passes = passage == Passage::open;
  ++(passes ? statistics_.frames_forwarded : statistics_.frames_dropped);
  return passes ? FrameFilter::Decision::pass : FrameFilter::Decision::drop;
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

void Relay::enqueue(std::optional<FrameType> type, std::vector<char> bytes) {
  const std::size_t size = bytes.size();
  const auto copies = in_flight_.send(std::move(bytes), type, size, Clock::now());
  if (copies == 0) ++statistics_.frames_dropped;
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

void Relay::wait_until(Clock::time_point due) {
  if (due_timer_.expiry() == due) return;
  due_timer_.expires_at(due);
  due_timer_.async_wait([this, alive = owner_.keep_alive()](boost::system::error_code error) {
    if (!error) run();
  });
}

}  // namespace sunder::nemesis
