#pragma once
// Reads one JSON object member by member. Every mistake throws std::invalid_argument that begins
// with the place ("faults[2].target") and says what is allowed there. A member that is null counts
// as absent. For text that people write, call `done` last: it refuses members that nobody asked
// for, so that a misspelt one is not silently ignored.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "node/api/duration.h"

namespace sunder {

class JsonObject {
 public:
  /// `where` begins every message; it may be empty.
  JsonObject(nlohmann::json json, std::string where);
  /// One line of a protocol or a trace.
  static JsonObject parse(std::string_view line);
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // The names must outlive the object: they are literals.

  /// Null if absent.
  const nlohmann::json* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const nlohmann::json& require(std::string_view name, std::string_view allowed) const;

  std::string text(std::string_view name, std::string_view allowed = "a string") const;
  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high) const;
  std::uint64_t unsigned_integer(std::string_view name) const;
  double number(std::string_view name, double low, double high) const;
  Duration duration(std::string_view name) const;
  /// The caller looks at the elements.
  const nlohmann::json& array(std::string_view name, std::string_view allowed = "an array") const;
  /// A list of strings.
  std::vector<std::string> texts(std::string_view name,
                                 std::string_view allowed = "a list of strings") const;
  /// An object whose members are strings.
  std::map<std::string, std::string> texts_by_name(std::string_view name) const;

  std::optional<std::string> optional_text(std::string_view name) const;
  std::optional<bool> optional_boolean(std::string_view name) const;
  std::optional<std::uint64_t> optional_unsigned_integer(std::string_view name) const;

  /// One of an enumeration: `names` has all() and find(), as nemesis::EnumNames.
  template <class Names>
  auto choice(std::string_view name, const Names& names) const {
    const std::string allowed = one_of(names.all());
    const auto value = names.find(text(name, allowed));
    if (!value) refuse(name, allowed);
    return *value;
  }

  /// Throws if there are members that were never asked for.
  void done() const;

  /// Of a member that is there.
  [[noreturn]] void refuse(std::string_view name, std::string_view allowed) const;

 private:
  static std::string one_of(const std::vector<std::string_view>& names);

  nlohmann::json json_;
  std::string where_;
  mutable std::vector<std::string_view> known_;
};

/// An unsigned integer. Throws std::invalid_argument naming `what`.
std::uint64_t unsigned_integer_of(const nlohmann::json& value, std::string_view what);

/// The text of a file. Throws std::invalid_argument with the line and column of a mistake.
nlohmann::json parse_json(std::string_view text);

}  // namespace sunder
