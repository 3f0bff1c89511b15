#pragma once
// What the clock that a node goes by shows, against the machine's.

#include "nemesis/schedule/duration.h"

namespace sunder::nemesis {

struct ClockSetting {
  /// Its seconds in a second.
  double rate = 1;
  /// When it is set; negative if it is behind.
  Duration ahead{0};
  bool operator==(const ClockSetting&) const = default;
};

constexpr double least_clock_rate = 0.01;
constexpr double greatest_clock_rate = 100;
constexpr Duration greatest_clock_offset = std::chrono::hours(1);

}  // namespace sunder::nemesis
