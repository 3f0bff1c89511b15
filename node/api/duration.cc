#include "node/api/duration.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sunder {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};

// From the largest to the smallest, as to_text tries them.
constexpr std::array<Unit, 5> units{
    {{"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

constexpr double longest_microseconds = 1e15;  // 31 years, far inside the range of Duration

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  double number = 0;
  const char* end_of_text = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), end_of_text, number, std::chars_format::fixed);
  if (error != std::errc() || number < 0) return std::nullopt;
  std::string_view name(end, static_cast<std::size_t>(end_of_text - end));
  for (const Unit& unit : units) {
    if (name != unit.name) continue;
    double microseconds = std::round(number * static_cast<double>(unit.microseconds));
    if (!(microseconds <= longest_microseconds)) return std::nullopt;
    return Duration(static_cast<std::int64_t>(microseconds));
  }
  return std::nullopt;
}

std::string to_text(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  for (const Unit& unit : units) {
    if (duration.count() % unit.microseconds == 0) {
      return std::to_string(duration.count() / unit.microseconds).append(unit.name);
    }
  }
  return {};  // The last unit divides every number.
}

}  // namespace sunder
