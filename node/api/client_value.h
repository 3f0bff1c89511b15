#pragma once
// The value in a reply to a client: nothing (JSON null), a text, a whole number, or a list of
// values.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json_fwd.hpp>

namespace sunder::client_protocol {

struct Value;
using Values = std::vector<Value>;

struct Value {
  std::variant<std::monostate, std::string, std::int64_t, Values> data;

  Value() = default;
  Value(std::nullopt_t) {}
  Value(std::string text) : data(std::move(text)) {}
  Value(std::string_view text) : data(std::string(text)) {}
  Value(const char* text) : data(std::string(text)) {}
  /// Nothing for an absent text.
  Value(std::optional<std::string> text);
  Value(std::int64_t integer) : data(integer) {}
  Value(int integer) : data(std::int64_t{integer}) {}
  Value(Values list) : data(std::move(list)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
  /// Null if the value is of another kind.
  const std::string* text() const { return std::get_if<std::string>(&data); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data); }
  const Values* list() const { return std::get_if<Values>(&data); }

  /// `other` if the value is not a text.
  std::string text_or(std::string_view other) const {
    return std::string(text() != nullptr ? std::string_view(*text()) : other);
  }

  friend bool operator==(const Value& left, const Value& right);
  /// std::optional's own would find an absent text and no value to be different.
  template <std::same_as<std::optional<std::string>> Absent>
  friend bool operator==(const Value&, const Absent&) = delete;
};

/// A transaction's reply is a list of lists of texts. No value is nested deeper.
constexpr int max_value_depth = 2;

void append_json(fmt::memory_buffer& out, const Value& value);
std::string to_json(const Value& value);

/// Null counts as nothing. Throws std::invalid_argument naming `what` for booleans, fractions,
/// objects, numbers beyond 64 bits and lists that are nested too deep.
Value value_of(const nlohmann::json& json, std::string_view what);

}  // namespace sunder::client_protocol
