#pragma once
// How long a client waits after the system turned its calls away: not at all after the first one,
// then longer with each further one in a row, up to a bound, with a jitter from the seed. A call
// that got an answer ends the row. Without this, clients of a system without a leader would make
// thousands of calls a second that say nothing.

#include <chrono>
#include <cstdint>
#include <random>

#include "workloads/generator.h"

namespace sunder::harness {

/// The call certainly did not happen, and says nothing of the system's state. A `cas` that found
/// another value, an empty queue and a lock that is held are answers (history::is_refused).
bool is_turned_away(const workloads::Call& call, const workloads::Completion& completion);

class BackOff {
 public:
  explicit BackOff(std::uint64_t seed) : random_(seed) {}

  /// Before the next call, after one that was turned away or was not.
  std::chrono::nanoseconds after(bool turned_away);

 private:
  std::minstd_rand random_;
  int turned_away_in_a_row_ = 0;
};

}  // namespace sunder::harness
