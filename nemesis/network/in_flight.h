#pragma once
// The messages on their way over one link, and the one policy that says what faults do to them: the
// table in docs/schedules.md. The proxy, the Maelstrom router and the simulator all carry messages
// through it. Pure: the caller says what time it is, and asks again when `next_due` has come.
// A message is judged when it is sent and again when it is due, so a delayed message never crosses
// a link that is blocked when its delay ends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "nemesis/network/link_rules.h"

namespace sunder::nemesis {

/// What a link carries.
enum class Traffic {
  messages,    ///< A blocked link loses them.
  stream,      ///< Pieces of a byte stream: a blocked link holds them; none is lost or overtaken.
  unhindered,  ///< No fault applies: `passage` is always open and `send` is not used.
};

/// What a link does to what is sent on it now.
enum class Passage {
  open,     ///< It arrives as if there were no faults.
  in_turn,  ///< Message faults decide, or others are on their way: use InFlight::send.
  lost,
  held,  ///< Until the link is no longer blocked.
};

template <class Message>
class InFlight {
 public:
  using Time = MessageFates::Clock::time_point;

  struct Arrival {
    Message message;
    /// The byte to damage, modulo the size of the payload.
    std::optional<std::uint64_t> corrupted_byte;
    /// The link is blocked or cut: the message must not be delivered.
    bool is_lost = false;
  };

  /// The rules must outlive this.
  InFlight(LinkRules& rules, Link link, Traffic traffic)
      : rules_(rules), link_(link), traffic_(traffic) {}

  Passage passage() const {
    return traffic_ == Traffic::unhindered ? Passage::open : passage(rules_.state(link_));
  }

  /// Takes a message that would arrive at `arrives` if there were no faults. `type` is absent for a
  /// piece of a stream. Returns how many copies are now on their way; 0 if the message is lost.
  std::size_t send(Message message, std::optional<FrameType> type, std::size_t size_bytes,
                   Time arrives) {
    const LinkState state = rules_.state(link_);
    if (passage(state) == Passage::lost) return 0;
    std::vector<MessageFates::Arrival> copies{{arrives, {}}};
    if (state.fates != nullptr) copies = state.fates->decide(type, size_bytes, arrives);
    for (const auto& copy : copies) {
      queue_.emplace(copy.when, Waiting{message, size_bytes, copy.corrupted_byte, arrives});
      size_bytes_ += size_bytes;
    }
    return copies.size();
  }

  /// The next message that is due at `now`; none if the link holds it.
  std::optional<Arrival> take_due(Time now) {
    if (queue_.empty() || queue_.begin()->first > now) return std::nullopt;
    const Passage judged = passage();
    if (judged == Passage::held) return std::nullopt;
    Waiting first = std::move(queue_.extract(queue_.begin()).mapped());
    size_bytes_ -= first.size_bytes;
    return Arrival{std::move(first.message), first.corrupted_byte, judged == Passage::lost};
  }

  std::optional<Time> next_due() const {
    return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first);
  }

  /// Call it when the rules of the link have changed. A cut loses what is on its way. Without
  /// message faults nothing is delayed any more: all arrives in the order in which it was due.
  void rules_changed() {
    const LinkState state = rules_.state(link_);
    if (state.is_cut) return lose_all();
    if (state.fates != nullptr) return;
    std::multimap<Time, Waiting> in_time;
    Time last{};
    for (auto& [when, waiting] : queue_) {
      last = std::max(last, waiting.undelayed);
      in_time.emplace(last, std::move(waiting));
    }
    queue_ = std::move(in_time);
  }

  /// The connection has ended, and with it what is on its way.
  void lose_all() {
    queue_.clear();
    size_bytes_ = 0;
  }

  bool empty() const { return queue_.empty(); }
  std::size_t size_bytes() const { return size_bytes_; }

 private:
  struct Waiting {
    Message message;
    std::size_t size_bytes;
    std::optional<std::uint64_t> corrupted_byte;
    /// When it would have arrived without faults.
    Time undelayed;
  };

  Passage passage(const LinkState& state) const {
    if (state.is_cut) return Passage::lost;
    if (state.is_blocked) return traffic_ == Traffic::stream ? Passage::held : Passage::lost;
    return queue_.empty() && state.fates == nullptr ? Passage::open : Passage::in_turn;
  }

  LinkRules& rules_;
  Link link_;
  Traffic traffic_;
  /// By the time of arrival; equal times keep the order of insertion.
  std::multimap<Time, Waiting> queue_;
  std::size_t size_bytes_ = 0;
};

}  // namespace sunder::nemesis
