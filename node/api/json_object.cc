#include "node/api/json_object.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sunder {
namespace {

using nlohmann::json;

constexpr std::string_view not_negative = "a whole number from 0";

[[noreturn]] void refuse_value(std::string_view place, std::string_view allowed,
                               const json& value) {
  throw std::invalid_argument(
      fmt::format("{} must be {}, not {}", place, allowed,
                  value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 60)));
}

}  // namespace

JsonObject::JsonObject(json json, std::string where)
    : json_(std::move(json)), where_(std::move(where)) {
  if (json_.is_object()) return;
  throw std::invalid_argument(where_.empty() ? "not a JSON object"
                                             : fmt::format("{}: must be an object", where_));
}

JsonObject JsonObject::parse(std::string_view line) {
  auto parsed = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) throw std::invalid_argument("not JSON");
  return {std::move(parsed), ""};
}

const json* JsonObject::find(std::string_view name) const {
  known_.push_back(name);
  const auto member = json_.find(name);
  return member == json_.end() || member->is_null() ? nullptr : &*member;
}

const json& JsonObject::require(std::string_view name, std::string_view allowed) const {
  const auto* member = find(name);
  if (member != nullptr) return *member;
  throw std::invalid_argument(fmt::format("{}{}\"{}\" is missing; it must be {}", where_,
                                          where_.empty() ? "" : ": ", name, allowed));
}

std::string JsonObject::text(std::string_view name, std::string_view allowed) const {
  const auto& member = require(name, allowed);
  if (!member.is_string()) refuse(name, allowed);
  return member.get<std::string>();
}

bool JsonObject::boolean(std::string_view name) const {
  constexpr std::string_view allowed = "true or false";
  const auto& member = require(name, allowed);
  if (!member.is_boolean()) refuse(name, allowed);
  return member.get<bool>();
}

std::int64_t JsonObject::integer(std::string_view name, std::int64_t low, std::int64_t high) const {
  const std::string allowed = fmt::format("a whole number from {} to {}", low, high);
  const auto& member = require(name, allowed);
  if (!member.is_number_integer()) refuse(name, allowed);
  const bool is_huge = member.is_number_unsigned() && member.get<std::uint64_t>() > INT64_MAX;
  const auto value = member.get<std::int64_t>();
  if (is_huge || value < low || value > high) refuse(name, allowed);
  return value;
}

std::uint64_t JsonObject::unsigned_integer(std::string_view name) const {
  const auto& member = require(name, not_negative);
  if (!member.is_number_unsigned()) refuse(name, not_negative);
  return member.get<std::uint64_t>();
}

double JsonObject::number(std::string_view name, double low, double high) const {
  const std::string allowed = fmt::format("a number from {} to {}", low, high);
  const auto& member = require(name, allowed);
  if (!member.is_number()) refuse(name, allowed);
  const double value = member.get<double>();
  if (!(value >= low && value <= high)) refuse(name, allowed);
  return value;
}

Duration JsonObject::duration(std::string_view name) const {
  constexpr std::string_view allowed = "a duration such as \"1500ms\" or \"2s\"";
  const auto duration = parse_duration(text(name, allowed));
  if (!duration) refuse(name, allowed);
  return *duration;
}

const json& JsonObject::array(std::string_view name, std::string_view allowed) const {
  const auto& member = require(name, allowed);
  if (!member.is_array()) refuse(name, allowed);
  return member;
}

std::vector<std::string> JsonObject::texts(std::string_view name, std::string_view allowed) const {
  const auto& list = array(name, allowed);
  std::vector<std::string> texts;
  for (const auto& each : list) {
    if (!each.is_string()) refuse(name, allowed);
    texts.push_back(each.get<std::string>());
  }
  return texts;
}

std::map<std::string, std::string> JsonObject::texts_by_name(std::string_view name) const {
  constexpr std::string_view allowed = "an object whose members are strings";
  const auto& object = require(name, allowed);
  if (!object.is_object()) refuse(name, allowed);
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) refuse(name, allowed);
    texts[key] = value.get<std::string>();
  }
  return texts;
}

std::optional<std::string> JsonObject::optional_text(std::string_view name) const {
  return has(name) ? std::optional(text(name)) : std::nullopt;
}

std::optional<bool> JsonObject::optional_boolean(std::string_view name) const {
  return has(name) ? std::optional(boolean(name)) : std::nullopt;
}

std::optional<std::uint64_t> JsonObject::optional_unsigned_integer(std::string_view name) const {
  return has(name) ? std::optional(unsigned_integer(name)) : std::nullopt;
}

void JsonObject::done() const {
  for (const auto& [name, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::vector<std::string_view> allowed;
    for (const auto known : known_) {
      if (std::find(allowed.begin(), allowed.end(), known) == allowed.end()) {
        allowed.push_back(known);
      }
    }
    throw std::invalid_argument(fmt::format("{}: \"{}\" is not known here; allowed are {}", where_,
                                            name, fmt::join(allowed, ", ")));
  }
}

void JsonObject::refuse(std::string_view name, std::string_view allowed) const {
  refuse_value(where_.empty() ? fmt::format("\"{}\"", name) : fmt::format("{}.{}:", where_, name),
               allowed, json_.at(std::string(name)));
}

std::string JsonObject::one_of(const std::vector<std::string_view>& names) {
  return fmt::format("one of {}", fmt::join(names, ", "));
}

std::uint64_t unsigned_integer_of(const json& value, std::string_view what) {
  if (!value.is_number_unsigned()) refuse_value(fmt::format("\"{}\"", what), not_negative, value);
  return value.get<std::uint64_t>();
}

json parse_json(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    // The library's message has line and column behind a prefix of its own, "[json....] ".
    const std::string_view message = error.what();
    const auto bracket = message.find("] ");
    throw std::invalid_argument(fmt::format(
        "not JSON: {}", message.substr(bracket == std::string_view::npos ? 0 : bracket + 2)));
  }
}

}  // namespace sunder
