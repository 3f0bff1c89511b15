#pragma once
// Reads one JSON object member by member. Every mistake throws std::invalid_argument that begins
// with the place ("faults[2].target") and says what is allowed there. Call `done` last: it refuses
// members that nobody asked for, so a misspelt one is not silently ignored.

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "nemesis/schedule/duration.h"
#include "nemesis/schedule/enum_names.h"

namespace sunder::nemesis {

class JsonObject {
 public:
  JsonObject(const nlohmann::json& json, std::string where);

  /// Null if absent.
  const nlohmann::json* find(std::string_view name);
  const nlohmann::json& require(std::string_view name, std::string_view allowed);

  std::string text(std::string_view name, std::string_view allowed);
  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high);
  double number(std::string_view name, double low, double high);
  Duration duration(std::string_view name);

  template <class Enum>
  Enum choice(std::string_view name, const EnumNames<Enum>& names) {
    std::string allowed = fmt::format("one of {}", fmt::join(names.all(), ", "));
    std::optional<Enum> value = names.find(text(name, allowed));
    if (!value) refuse(name, allowed);
    return *value;
  }

  /// Throws if there are members that were never asked for.
  void done() const;

  [[noreturn]] void refuse(std::string_view name, std::string_view allowed) const;

 private:
  const nlohmann::json& json_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace sunder::nemesis
