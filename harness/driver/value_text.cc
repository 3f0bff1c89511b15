#include "harness/driver/value_text.h"

#include <charconv>
#include <cstdint>

namespace sunder::harness {

std::string to_stored_text(const history::Value& value) {
  return history::text_or_json(value);
}

history::Value from_stored_text(std::string_view stored) {
  std::int64_t integer = 0;
  const char* end = stored.data() + stored.size();
  const auto parsed = std::from_chars(stored.data(), end, integer);
  if (parsed.ec == std::errc{} && parsed.ptr == end && !stored.empty()) return integer;
  return std::string(stored);
}

}  // namespace sunder::harness
