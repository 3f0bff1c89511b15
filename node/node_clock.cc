#include "node/node_clock.h"

namespace sunder {
namespace {

/// Exact at rate 1: a double has too few bits for the nanoseconds of a long uptime.
std::chrono::nanoseconds scaled(std::chrono::nanoseconds span, double factor) {
  if (factor == 1) return span;
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(span.count()) * factor));
}

}  // namespace

raft::Time NodeClock::reading(MachineTime now) const {
  return set_.time_since_epoch() + setting_.ahead + scaled(now - set_, setting_.rate);
}

NodeClock::MachineTime NodeClock::when(raft::Time reading) const {
  const auto to_go = reading - setting_.ahead - set_.time_since_epoch();
  return set_ + scaled(to_go, 1 / setting_.rate);
}

}  // namespace sunder
