#include "node/api/client_value.h"

#include <iterator>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "node/api/json_text.h"

namespace sunder::client_protocol {
namespace {

Value value_within(const nlohmann::json& json, std::string_view what, int depth_left) {
  if (json.is_null()) return {};
  if (json.is_string()) return json.get<std::string>();
  const bool is_huge = json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX;
  if (json.is_number_integer() && !is_huge) return json.get<std::int64_t>();
  if (!json.is_array() || depth_left == 0) {
    throw std::invalid_argument(
        fmt::format("\"{}\" must be null, a string, a whole number of 64 bits with sign, or a "
                    "list of them",
                    what));
  }
  Values list;
  list.reserve(json.size());
  for (const auto& each : json) list.push_back(value_within(each, what, depth_left - 1));
  return list;
}

}  // namespace

Value::Value(std::optional<std::string> text) {
  if (text) data = std::move(*text);
}

bool operator==(const Value& left, const Value& right) {
  return left.data == right.data;
}

void append_json(fmt::memory_buffer& out, const Value& value) {
  if (const auto* text = value.text()) {
    api::append_json_string(out, *text);
  } else if (const auto* integer = value.integer()) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* list = value.list()) {
    out.push_back('[');
    for (std::size_t place = 0; place < list->size(); ++place) {
      if (place > 0) out.push_back(',');
      append_json(out, (*list)[place]);
    }
    out.push_back(']');
  } else {
    out.append(std::string_view("null"));
  }
}

std::string to_json(const Value& value) {
  fmt::memory_buffer out;
  append_json(out, value);
  return fmt::to_string(out);
}

Value value_of(const nlohmann::json& json, std::string_view what) {
  return value_within(json, what, max_value_depth);
}

}  // namespace sunder::client_protocol
