#pragma once
// One direction of one proxied connection: reads from the source, applies the link's rules
// (in_flight.h), writes to the destination. Memory is bounded: the relay reads only when all that
// is due is written and the delayed messages are under a limit, so a slow receiver stops the
// sender. `run` does all that can be done now without blocking; it may be called at any time. The
// watcher of frames may change the rules or close the connection while `run` is on the stack.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "nemesis/network/edit_greeting.h"
#include "nemesis/network/frame_filter.h"
#include "nemesis/network/in_flight.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/link_statistics.h"
#include "nemesis/network/sent_frame.h"
#include "nemesis/network/sockets.h"

namespace sunder::nemesis {

class Relay {
 public:
  enum class End {
    finished,   ///< The source closed and the relay delivered all of its bytes.
    broken,     ///< A socket failed.
    malformed,  ///< The source sent what is not a frame: see error().
  };
  /// The connection that the relay belongs to.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// Keeps the connection alive until an asynchronous wait has ended.
    virtual std::shared_ptr<void> keep_alive() = 0;
    virtual void ended(const Relay& relay, End end) = 0;
  };

  /// The references must outlive the relay; `statistics` are the link's.
  Relay(boost::asio::io_context& io, Owner& owner, Descriptor& source, Descriptor& destination,
        Link link, Traffic traffic, LinkRules& rules, LinkStatistics& statistics,
        const WatchFrames& watch);
  /// Of a byte stream, before the first run().
  void edit_greeting(EditGreeting edit) { edit_greeting_ = std::move(edit); }
  Relay(const Relay&) = delete;

  void run();
  void rules_changed();
  /// Ends the relay. It no longer touches the sockets.
  void stop();

  Link link() const { return link_; }
  bool has_ended() const { return ended_; }
  /// What the source sent, if the relay ended as malformed.
  const std::string& error() const { return error_; }

 private:
  using Clock = MessageFates::Clock;

  bool carries_frames() const { return traffic_ == Traffic::messages; }
  void work();
  bool write_and_want_more();
  bool write_all();
  bool write_pending();
  bool take_due();
  bool read_more();
  bool take_in(std::span<char> bytes);
  FrameFilter::Decision decide();
  void watch(const FrameHeader& header, std::span<const char> part, bool is_complete);
  void enqueue(std::optional<FrameType> type, std::vector<char> bytes);
  void drop_written(std::size_t written);
  void end(End end);
  void wait_to_read();
  void wait_to_write();
  void wait_until(Clock::time_point due);

  Owner& owner_;
  Descriptor& source_;
  Descriptor& destination_;
  const Link link_;
  const Traffic traffic_;
  LinkStatistics& statistics_;
  const WatchFrames& watch_;
  FrameFilter filter_;

  // Null once the greeting is forwarded.
  EditGreeting edit_greeting_;
  std::string greeting_;
  // The first parts of a watched frame that is not complete yet.
  std::string watched_;
  std::vector<char> buffer_;
  // An incomplete header at the end of what was read; a part of the buffer.
  std::span<char> incomplete_;
  // To be written now, in order; parts of the buffer or of `due_`.
  std::vector<std::span<const char>> pending_;
  InFlight<std::vector<char>> in_flight_;
  // The delayed message that is being written.
  std::vector<char> due_;
  boost::asio::steady_timer due_timer_;

  std::string error_;
  bool source_closed_ = false;
  bool waiting_to_read_ = false;
  bool waiting_to_write_ = false;
  bool ended_ = false;
  bool is_running_ = false;
};

}  // namespace sunder::nemesis
