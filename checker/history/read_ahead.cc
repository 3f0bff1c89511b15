#include "checker/history/read_ahead.h"

#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace sunder::history {

namespace {

/// Nobody takes events any more.
struct TakerGone {};

/// Events on their way from one thread to the other, in a ring of batches whose memory is used
/// again.
class EventRing {
 public:
  /// Called by the parser. Throws TakerGone.
  void put(Event& event, std::int64_t line) {
    if (put_ == 0) wait_for_room();
    auto& events = batches_[filled_ % batches_.size()].events;
    if (put_ == events.size()) events.emplace_back();
    auto& place = events[put_++];
    place.first = std::move(event);
    place.second = line;
    if (put_ == batch_size) pass_on();
  }

  /// Called by the parser, once, behind its last event.
  void finish(std::exception_ptr error) {
    if (put_ > 0) pass_on();
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    is_finished_ = true;
    changed_.notify_all();
  }

  /// Called by the other thread: passes on all events.
  void drain(const EventSink& sink) {
    while (wait_for_batch()) {
      auto& batch = batches_[drained_ % batches_.size()];
      for (std::size_t at = 0; at < batch.count; ++at) {
        sink(batch.events[at].first, batch.events[at].second);
      }
      const std::lock_guard lock(mutex_);
      ++drained_;
      changed_.notify_all();
    }
    if (error_) std::rethrow_exception(error_);
  }

  /// Called by the other thread: no more events are taken.
  void stop() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::size_t batch_size = 512;

  struct Batch {
    std::vector<std::pair<Event, std::int64_t>> events;
    std::size_t count = 0;
  };

  void pass_on() {
    const std::lock_guard lock(mutex_);
    batches_[filled_ % batches_.size()].count = std::exchange(put_, 0);
    ++filled_;
    changed_.notify_all();
  }

  void wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_stopped_ || filled_ - drained_ < batches_.size(); });
    if (is_stopped_) throw TakerGone();
  }

  bool wait_for_batch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_finished_ || drained_ < filled_; });
    return drained_ < filled_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<Batch, 4> batches_;
  /// How many events the parser put into the batch that it fills.
  std::size_t put_ = 0;
  /// How many batches the parser filled, and how many the other thread emptied.
  std::size_t filled_ = 0;
  std::size_t drained_ = 0;
  bool is_finished_ = false;
  bool is_stopped_ = false;
  std::exception_ptr error_;
};

}  // namespace

std::vector<std::string> read_ahead(
    const std::function<std::vector<std::string>(const EventSink&)>& read, const EventSink& sink) {
  EventRing ring;
  std::vector<std::string> warnings;
  std::thread parser([&] {
    std::exception_ptr error;
    try {
      warnings = read([&](Event& event, std::int64_t line) { ring.put(event, line); });
    } catch (const TakerGone&) {
    } catch (...) {
      error = std::current_exception();
    }
    ring.finish(error);
  });
  try {
    ring.drain(sink);
  } catch (...) {
    ring.stop();
    parser.join();
    throw;
  }
  parser.join();
  return warnings;
}

}  // namespace sunder::history
