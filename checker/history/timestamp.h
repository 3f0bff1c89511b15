#pragma once
// A time as a file has it: an integer, a fraction, digits as text, or a date, with a unit that the
// field's name may say (start_ms, time_s).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checker/history/event.h"
#include "checker/history/value.h"

namespace sunder::history {

struct Timestamp {
  std::int64_t whole = 0;
  double fraction = 0;
  /// Nanoseconds of one unit; 0 if not known.
  std::int64_t unit = 0;
};

/// How a field's name may end, in lower case without "_" and "-": start_ms, startMs.
struct UnitSuffix {
  std::string_view text;
  std::int64_t nanoseconds = 0;
};
inline constexpr std::array unit_suffixes{UnitSuffix{"nanos", 1},
                                          UnitSuffix{"ns", 1},
                                          UnitSuffix{"micros", 1000},
                                          UnitSuffix{"us", 1000},
                                          UnitSuffix{"millis", 1000'000},
                                          UnitSuffix{"ms", 1000'000},
                                          UnitSuffix{"seconds", 1000'000'000},
                                          UnitSuffix{"s", 1000'000'000}};

/// `unit` is 0 if not known. Absent if the value is no time.
std::optional<Timestamp> timestamp_in(const Value& value, std::int64_t unit);

/// `unit` is that of a timestamp which has none. Absent if 64 bits cannot hold it.
std::optional<Time> nanoseconds_in(const Timestamp& timestamp, std::int64_t unit);

/// The names of an event's time: time (nanoseconds), time_s, time_ms, time_us, time_ns. Returns the
/// nanoseconds of a unit, 0 for "time". Absent for other names.
std::optional<std::int64_t> unit_of_event_time(std::string_view field);

/// A message for people.
struct TimeError {
  std::string message;
};

/// The time of an event. A fraction needs a unit. Absent if it is nil. Throws TimeError.
std::optional<Time> event_time(const Value& value, std::int64_t unit);

}  // namespace sunder::history
