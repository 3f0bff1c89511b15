#pragma once
// Reads the fields of one JSON object and says, in one sentence, what is wrong with the first that
// is missing or of another kind.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace sunder::api {

class JsonFields {
 public:
  /// Throws std::runtime_error if `line` is not one JSON object.
  explicit JsonFields(std::string_view line);

  std::uint64_t number(const char* name) const;
  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high) const;
  double real(const char* name, double low, double high) const;
  std::string text(const char* name) const;
  bool boolean(const char* name) const;
  /// Nothing if the field is absent or null.
  std::optional<std::uint64_t> optional_number(const char* name) const;
  std::optional<bool> optional_boolean(const char* name) const;
  std::optional<std::string> optional_text(const char* name) const;
  /// An array; the caller looks at its elements.
  const nlohmann::json& array(const char* name) const;

 private:
  const nlohmann::json* find(const char* name) const;
  const nlohmann::json& get(const char* name) const;

  nlohmann::json object_;
};

/// An unsigned integer, or std::runtime_error naming `what`.
std::uint64_t number_of(const nlohmann::json& value, std::string_view what);

}  // namespace sunder::api
