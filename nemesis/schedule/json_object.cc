#include "nemesis/schedule/json_object.h"

#include <algorithm>

namespace sunder::nemesis {

JsonObject::JsonObject(const nlohmann::json& json, std::string where)
    : json_(json), where_(std::move(where)) {
  if (!json_.is_object()) {
    throw std::invalid_argument(fmt::format("{}: must be an object", where_));
  }
}

const nlohmann::json* JsonObject::find(std::string_view name) {
  known_.emplace_back(name);
  auto member = json_.find(std::string(name));
  return member == json_.end() ? nullptr : &*member;
}

const nlohmann::json& JsonObject::require(std::string_view name, std::string_view allowed) {
  const nlohmann::json* member = find(name);
  if (member == nullptr) {
    throw std::invalid_argument(
        fmt::format("{}: \"{}\" is missing; it must be {}", where_, name, allowed));
  }
  return *member;
}

std::string JsonObject::text(std::string_view name, std::string_view allowed) {
  const nlohmann::json& member = require(name, allowed);
  if (!member.is_string()) refuse(name, allowed);
  return member.get<std::string>();
}

std::int64_t JsonObject::integer(std::string_view name, std::int64_t low, std::int64_t high) {
  std::string allowed = fmt::format("a whole number from {} to {}", low, high);
  const nlohmann::json& member = require(name, allowed);
  if (!member.is_number_integer()) refuse(name, allowed);
  const bool too_large = member.is_number_unsigned() && member.get<std::uint64_t>() > INT64_MAX;
  if (too_large || member.get<std::int64_t>() < low || member.get<std::int64_t>() > high) {
    refuse(name, allowed);
  }
  return member.get<std::int64_t>();
}

double JsonObject::number(std::string_view name, double low, double high) {
  const std::string allowed = fmt::format("a number from {} to {}", low, high);
  const nlohmann::json& member = require(name, allowed);
  if (!member.is_number()) refuse(name, allowed);
  const double value = member.get<double>();
  if (!(value >= low && value <= high)) refuse(name, allowed);
  return value;
}

Duration JsonObject::duration(std::string_view name) {
  constexpr std::string_view allowed = "a duration such as \"1500ms\" or \"2s\"";
  std::optional<Duration> duration = parse_duration(text(name, allowed));
  if (!duration) refuse(name, allowed);
  return *duration;
}

void JsonObject::done() const {
  for (const auto& [name, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      throw std::invalid_argument(fmt::format("{}: \"{}\" is not known here; allowed are {}",
                                              where_, name, fmt::join(known_, ", ")));
    }
  }
}

void JsonObject::refuse(std::string_view name, std::string_view allowed) const {
  const std::string given = json_.at(std::string(name)).dump();
  throw std::invalid_argument(
      fmt::format("{}.{}: must be {}, not {}", where_, name, allowed, given.substr(0, 60)));
}

}  // namespace sunder::nemesis
