#pragma once
// One direction of one proxied connection: reads from the source, applies the link's rules, writes
// to the destination. It reads only when everything due is written, and not while too much waits to
// become due, so memory is bounded and the sender feels the receiver's pace.
// All work is done in `run`, which may be called at any time and does what can be done now. Whoever
// watches the frames may change the rules meanwhile, or close the connection.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "nemesis/network/edit_greeting.h"
#include "nemesis/network/frame_filter.h"
#include "nemesis/network/link_rules.h"
#include "nemesis/network/link_statistics.h"
#include "nemesis/network/sent_frame.h"
#include "nemesis/network/sockets.h"

namespace sunder::nemesis {

class Relay {
 public:
  enum class Mode {
    frames,      ///< A blocked link drops whole frames.
    bytes,       ///< A blocked link holds the stream.
    unhindered,  ///< Passes everything: the silent direction of a framed link.
  };
  enum class End {
    finished,   ///< The source closed and all of its bytes are delivered.
    broken,     ///< A socket failed.
    malformed,  ///< The source sent what is not a frame: see error().
  };
  /// What a relay needs of the connection it belongs to.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// Keeps the connection alive while a wait is under way.
    virtual std::shared_ptr<void> keep_alive() = 0;
    virtual void ended(const Relay& relay, End end) = 0;
  };

  /// The references must outlive the relay; `statistics` are the link's.
  Relay(boost::asio::io_context& io, Owner& owner, Descriptor& source, Descriptor& destination,
        Link link, Mode mode, LinkRules& rules, LinkStatistics& statistics,
        const WatchFrames& watch);
  /// Of a byte stream from which nothing was read yet.
  void edit_greeting(EditGreeting edit) { edit_greeting_ = std::move(edit); }
  Relay(const Relay&) = delete;

  void run();
  void rules_changed();
  /// Nothing more will happen here; the sockets are no longer touched.
  void stop();

  Link link() const { return link_; }
  bool has_ended() const { return ended_; }
  /// What the source sent, if the relay ended as malformed.
  const std::string& error() const { return error_; }

 private:
  using Clock = MessageFates::Clock;

  bool is_held() const { return mode_ == Mode::bytes && rules_.is_blocked(link_); }
  MessageFates* fates() const { return mode_ == Mode::unhindered ? nullptr : rules_.fates(link_); }
  void work();
  bool write_and_want_more();
  bool write_all();
  bool write_pending();
  bool take_due();
  bool read_more();
  bool take_in(std::span<char> bytes);
  FrameFilter::Decision decide();
  void watch(const FrameHeader& header, std::span<const char> part, bool is_complete);
  void delay(std::optional<FrameType> type, const std::vector<char>& bytes);
  void drop_written(std::size_t written);
  void end(End end);
  void wait_to_read();
  void wait_to_write();
  void wait_until_due();

  Owner& owner_;
  Descriptor& source_;
  Descriptor& destination_;
  const Link link_;
  const Mode mode_;
  LinkRules& rules_;
  LinkStatistics& statistics_;
  const WatchFrames& watch_;
  FrameFilter filter_;

  // Null once the greeting has gone on.
  EditGreeting edit_greeting_;
  std::string greeting_;
  // What has come of a watched frame so far, if it comes in parts.
  std::string watched_;
  std::vector<char> buffer_;
  // The beginning of a header whose rest has not come; a part of the buffer.
  std::span<char> incomplete_;
  // What is to be written next, in order; parts of the buffer or of `due_`.
  std::vector<std::span<const char>> pending_;
  // What message faults hold back, by the time of arrival.
  std::multimap<Clock::time_point, std::vector<char>> delayed_;
  std::size_t delayed_bytes_ = 0;
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
