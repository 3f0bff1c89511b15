#pragma once
// Decides for each message on one link when it arrives, how often, and whether it is damaged, while
// message faults are active. Pure: the time is an argument, and each fault has a seeded generator.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "nemesis/network/message_fault.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis {

class MessageFates {
 public:
  using Clock = std::chrono::steady_clock;

  /// One copy of a message that will arrive.
  struct Arrival {
    Clock::time_point when;
    /// The byte to damage, modulo the size of the payload.
    std::optional<std::uint64_t> corrupted_byte;
    bool operator==(const Arrival&) const = default;
  };

  /// `seed` is that of the fault's random choices on this link.
  void add(int fault_id, const MessageFault& fault, std::uint64_t seed);
  /// False if the fault was not active on this link.
  bool remove(int fault_id);
  bool empty() const { return active_.empty(); }
  /// Whether a fault does more to a message than to delay it.
  bool strikes_single_messages() const;
  /// Of the slowest throttle; nothing without one.
  std::optional<std::int64_t> bytes_per_second() const;

  /// The copies that arrive: none if dropped; one, not before the message in front, if no fault
  /// applies. `type` is absent for a piece of a byte stream: it is only delayed, in order.
  std::vector<Arrival> decide(std::optional<FrameType> type, std::size_t size_bytes,
                              Clock::time_point now);

 private:
  struct Active {
    MessageFault fault;
    Random random;
    // Throttle: when the link has carried all that was sent on it so far.
    Clock::time_point free_at;
  };

  std::map<int, Active> active_;
  // When the last message that was not reordered arrives. No later message arrives before it.
  Clock::time_point last_in_order_;
};

}  // namespace sunder::nemesis
