#pragma once
// The names of an enumeration, as users write them.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sunder::nemesis {

template <class Enum>
class EnumNames {
 public:
  EnumNames(std::initializer_list<std::pair<Enum, std::string_view>> rows) : rows_(rows) {}

  /// "?" if the enumerator has no name.
  std::string_view name(Enum value) const {
    for (const auto& [row_value, row_name] : rows_) {
      if (row_value == value) return row_name;
    }
    return "?";
  }

  std::optional<Enum> find(std::string_view name) const {
    for (const auto& [row_value, row_name] : rows_) {
      if (row_name == name) return row_value;
    }
    return std::nullopt;
  }

  std::vector<std::string_view> all() const {
    std::vector<std::string_view> names;
    for (const auto& row : rows_) names.push_back(row.second);
    return names;
  }

 private:
  std::vector<std::pair<Enum, std::string_view>> rows_;
};

}  // namespace sunder::nemesis
