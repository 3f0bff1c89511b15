#include "node/api/json_fields.h"

#include <stdexcept>

#include <fmt/format.h>

namespace sunder::api {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view wanted,
                         const nlohmann::json& value) {
  throw std::runtime_error(fmt::format(
      "\"{}\" must be {}, not {}", name, wanted,
      value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 60)));
}

}  // namespace

std::uint64_t number_of(const nlohmann::json& value, std::string_view what) {
  if (!value.is_number_unsigned()) refuse(what, "a whole number from 0", value);
  return value.get<std::uint64_t>();
}

JsonFields::JsonFields(std::string_view line) {
  object_ = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (object_.is_discarded()) throw std::runtime_error("not JSON");
  if (!object_.is_object()) throw std::runtime_error("not a JSON object");
}

const nlohmann::json* JsonFields::find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const nlohmann::json& JsonFields::get(const char* name) const {
  const auto* found = find(name);
  if (found == nullptr) throw std::runtime_error(fmt::format("\"{}\" is missing", name));
  return *found;
}

std::uint64_t JsonFields::number(const char* name) const {
  return number_of(get(name), name);
}

std::int64_t JsonFields::integer(const char* name, std::int64_t low, std::int64_t high) const {
  const auto& value = get(name);
  const auto wanted = fmt::format("a whole number from {} to {}", low, high);
  if (!value.is_number_integer()) refuse(name, wanted, value);
  const bool is_huge = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
  const auto number = value.get<std::int64_t>();
  if (is_huge || number < low || number > high) refuse(name, wanted, value);
  return number;
}

double JsonFields::real(const char* name, double low, double high) const {
  const auto& value = get(name);
  const bool fits = value.is_number() && value.get<double>() >= low && value.get<double>() <= high;
  if (!fits) refuse(name, fmt::format("a number from {} to {}", low, high), value);
  return value.get<double>();
}

std::string JsonFields::text(const char* name) const {
  const auto& value = get(name);
  if (!value.is_string()) refuse(name, "a string", value);
  return value.get<std::string>();
}

bool JsonFields::boolean(const char* name) const {
  const auto& value = get(name);
  if (!value.is_boolean()) refuse(name, "true or false", value);
  return value.get<bool>();
}

std::optional<bool> JsonFields::optional_boolean(const char* name) const {
  if (find(name) == nullptr) return std::nullopt;
  return boolean(name);
}

std::optional<std::uint64_t> JsonFields::optional_number(const char* name) const {
  if (find(name) == nullptr) return std::nullopt;
  return number(name);
}

std::optional<std::string> JsonFields::optional_text(const char* name) const {
  if (find(name) == nullptr) return std::nullopt;
  return text(name);
}

const nlohmann::json& JsonFields::array(const char* name) const {
  const auto& value = get(name);
  if (!value.is_array()) refuse(name, "an array", value);
  return value;
}

}  // namespace sunder::api
