#include "nemesis/network/message_fates.h"

#include <algorithm>
#include <cmath>

namespace sunder::nemesis {
namespace {

using Span = MessageFates::Clock::duration;

Span scaled(Duration duration, double factor) {
  return std::chrono::duration_cast<Span>(std::chrono::duration<double, std::micro>(duration) *
                                          factor);
}

Span draw_delay(const MessageFault& fault, Random& random) {
  switch (fault.shape) {
    case DelayShape::fixed:
      return fault.delay;
    case DelayShape::jitter:
      return scaled(fault.delay, 2 * random.unit());
    case DelayShape::heavy_tail:
      // Pareto with exponent 1.2: the median is 0.45 of the delay, one in 250 is 25 times as long.
      return scaled(fault.delay, std::min(50.0, 0.25 * std::pow(1 - random.unit(), -1 / 1.2)));
  }
  return {};
}

bool concerns(const MessageFault& fault, std::optional<FrameType> type) {
  if (!type) {
    return fault.effect == MessageEffect::delay || fault.effect == MessageEffect::throttle;
  }
  return fault.types.empty() ||
         std::find(fault.types.begin(), fault.types.end(), *type) != fault.types.end();
}

}  // namespace

void MessageFates::add(int fault_id, const MessageFault& fault, std::uint64_t seed) {
  active_.insert_or_assign(fault_id, Active{fault, Random(seed), {}});
}

bool MessageFates::remove(int fault_id) {
  const bool removed = active_.erase(fault_id) > 0;
  // A healed link is not slowed by what it delayed before.
  if (active_.empty()) last_in_order_ = {};
  return removed;
}

bool MessageFates::strikes_single_messages() const {
  return std::any_of(active_.begin(), active_.end(), [](const auto& active) {
    return active.second.fault.effect != MessageEffect::delay;
  });
}

std::optional<std::int64_t> MessageFates::bytes_per_second() const {
  std::optional<std::int64_t> slowest;
  for (const auto& [id, active] : active_) {
    if (active.fault.effect != MessageEffect::throttle) continue;
    slowest =
        std::min(slowest.value_or(active.fault.bytes_per_second), active.fault.bytes_per_second);
  }
  return slowest;
}

std::vector<MessageFates::Arrival> MessageFates::decide(std::optional<FrameType> type,
                                                        std::size_t size_bytes,
                                                        Clock::time_point now) {
  Span delay{0};
  Span overtaken_by{0};
  std::optional<Span> second_copy;
  std::optional<std::uint64_t> corrupted_byte;
  for (auto& [id, active] : active_) {
    const MessageFault& fault = active.fault;
    if (!concerns(fault, type) || !active.random.chance(fault.probability)) continue;
    switch (fault.effect) {
      case MessageEffect::drop:
        return {};
      case MessageEffect::delay:
        delay += draw_delay(fault, active.random);
        break;
      case MessageEffect::duplicate:
        second_copy = scaled(fault.delay, active.random.unit());
        break;
      case MessageEffect::reorder:
        overtaken_by += scaled(fault.delay, active.random.unit());
        break;
      case MessageEffect::throttle:
        active.free_at =
            std::max(active.free_at, now) +
            std::chrono::duration_cast<Span>(std::chrono::duration<double>(
                static_cast<double>(size_bytes) / static_cast<double>(fault.bytes_per_second)));
        delay = std::max(delay, active.free_at - now);
        break;
      case MessageEffect::corrupt:
        corrupted_byte = active.random.next();
        break;
    }
  }
  const Clock::time_point in_order = std::max(last_in_order_, now + delay);
  if (overtaken_by == Span{0}) last_in_order_ = in_order;
  std::vector<Arrival> arrivals{{in_order + overtaken_by, corrupted_byte}};
  if (second_copy) arrivals.push_back({in_order + overtaken_by + *second_copy, std::nullopt});
  return arrivals;
}

}  // namespace sunder::nemesis
