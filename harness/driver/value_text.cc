#include "harness/driver/value_text.h"

#include <charconv>
#include <cstdint>

#include <nlohmann/json.hpp>

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

std::string to_stored_list(const history::List& list) {
  auto texts = nlohmann::json::array();
  for (const auto& element : list) texts.push_back(to_stored_text(element));
  return texts.dump();
}

history::List from_stored_list(std::string_view stored) {
  history::List list;
  for (const auto& element : nlohmann::json::parse(stored)) {
    list.push_back(from_stored_text(element.get<std::string>()));
  }
  return list;
}

}  // namespace sunder::harness
