#pragma once
// Decides, for one link, what becomes of each message while message faults are active. Pure: the
// time is an argument and the dice are seeded.

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
    /// Which byte is changed, counted modulo the size of the payload.
    std::optional<std::uint64_t> corrupted_byte;
    bool operator==(const Arrival&) const = default;
  };

  /// The fault's dice on this link begin at `seed`.
  void add(int fault_id, const MessageFault& fault, std::uint64_t seed);
  /// False if the fault was not here.
  bool remove(int fault_id);
  bool empty() const { return active_.empty(); }

  /// Where nothing interferes: one arrival, now or behind those before it. `type` is absent for a
  /// piece of a byte stream, which is only ever delayed and keeps its order.
  std::vector<Arrival> decide(std::optional<FrameType> type, std::size_t size_bytes,
                              Clock::time_point now);

 private:
  struct Active {
    MessageFault fault;
    Random random;
    // Throttle: when the link has carried what it was given so far.
    Clock::time_point free_at;
  };

  std::map<int, Active> active_;
  // Messages that are not reordered keep their order: none arrives before this.
  Clock::time_point last_in_order_;
};

}  // namespace sunder::nemesis
