#pragma once
// Spans of time as people write them: 30s, 500ms, 2m, 1.5s, 250us.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sunder {

using Duration = std::chrono::microseconds;

/// Empty if the text is no duration. The unit is required; the number may have a fraction.
std::optional<Duration> parse_duration(std::string_view text);

/// The largest unit that writes it as a whole number: 1250ms, 30s. Reads back to the same value.
std::string to_text(Duration duration);

}  // namespace sunder
