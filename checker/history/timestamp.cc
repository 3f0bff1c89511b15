#include "checker/history/timestamp.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include <fmt/format.h>

namespace sunder::history {

namespace {

constexpr std::int64_t nanoseconds_of_a_second = 1'000'000'000;

std::optional<Timestamp> time_of_date(const std::string& text, std::int64_t unit) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) rest = ::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  if (rest == nullptr || unit != 0) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (*rest == '.' || *rest == ',') {
    std::int64_t place = nanoseconds_of_a_second / 10;
    for (++rest; std::isdigit(static_cast<unsigned char>(*rest)) != 0; ++rest, place /= 10) {
      nanoseconds += (*rest - '0') * place;
    }
  }
  std::int64_t behind_utc = 0;
  if (*rest == '+' || *rest == '-') {
    int hours = 0;
    int minutes = 0;
    if (std::sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2) return std::nullopt;
    behind_utc = (*rest == '-' ? 1 : -1) * (hours * 3600 + minutes * 60);
  } else if (*rest != 0 && std::string_view(rest) != "Z") {
    return std::nullopt;
  }
  const auto seconds = static_cast<std::int64_t>(::timegm(&parts)) + behind_utc;
  return Timestamp{seconds * nanoseconds_of_a_second + nanoseconds, 0, 1};
}

}  // namespace

std::optional<Timestamp> timestamp_in(const Value& value, std::int64_t unit) {
  if (const auto* integer = value.integer()) return Timestamp{*integer, 0, unit};
  if (const auto* number = value.real()) {
    if (std::abs(*number) > 9e18) return std::nullopt;
    const double whole = std::floor(*number);
    return Timestamp{static_cast<std::int64_t>(whole), *number - whole, unit};
  }
  const auto* text = value.text();
  if (text == nullptr) return std::nullopt;
  const char* end = text->data() + text->size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text->data(), end, integer);
      read.ptr == end && read.ec == std::errc()) {
    return Timestamp{integer, 0, unit};
  }
  return time_of_date(*text, unit);
}

std::optional<Time> nanoseconds_in(const Timestamp& timestamp, std::int64_t unit) {
  if (timestamp.unit != 0) unit = timestamp.unit;
  std::int64_t nanoseconds = 0;
  constexpr auto most = INT64_MAX / 2;
  if (__builtin_mul_overflow(timestamp.whole, unit, &nanoseconds) || nanoseconds < -most) {
    return std::nullopt;
  }
  const auto fraction = std::llround(timestamp.fraction * static_cast<double>(unit));
  if (__builtin_add_overflow(nanoseconds, fraction, &nanoseconds)) return std::nullopt;
  return Time{nanoseconds};
}

std::optional<std::int64_t> unit_of_event_time(std::string_view field) {
  constexpr std::string_view name = "time";
  if (!field.starts_with(name)) return std::nullopt;
  field.remove_prefix(name.size());
  if (field.empty()) return 0;
  for (const auto& suffix : unit_suffixes) {
    if (field.front() == '_' && field.substr(1) == suffix.text) return suffix.nanoseconds;
  }
  return std::nullopt;
}

std::optional<Time> event_time(const Value& value, std::int64_t unit) {
  if (value.is_nil()) return std::nullopt;
  const auto timestamp = timestamp_in(value, unit);
  if (!timestamp) {
    throw TimeError{"the time must be a number, in nanoseconds, or a date"};
  }
  if (timestamp->unit == 0 && timestamp->fraction != 0) {
    throw TimeError{
        "the time is a fraction: times are nanoseconds unless the field's name says the unit. Say "
        "it: --map time_s=time for seconds, or time_ms, time_us, time_ns"};
  }
  const auto time = nanoseconds_in(*timestamp, 1);
  if (!time) throw TimeError{"the time is too large for 64 bits of nanoseconds"};
  return time;
}

}  // namespace sunder::history
