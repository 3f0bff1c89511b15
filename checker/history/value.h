#pragma once
// A value in a history: what an operation wrote, expected or read, and the description of a fault.
// JSON and EDN both map to it. nil is a value like any other ("the key is absent"). Surprise:
// copies share texts, lists and objects; edit_list() and edit_object() give one of its own.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "checker/history/shared.h"

namespace sunder::history {

/// Every reader rejects lists and objects that are nested deeper than this.
constexpr int max_depth = 100;

struct Value;
using List = std::vector<Value>;
/// In the order in which they were written, or sorted by canonicalize().
using Object = std::vector<std::pair<std::string, Value>>;

struct Value {
  using Data = std::variant<std::monostate, bool, std::int64_t, double, Shared<std::string>,
                            Shared<List>, Shared<Object>>;
  Data data;

  Value() = default;
  Value(bool boolean) : data(boolean) {}
  Value(std::int64_t integer) : data(integer) {}
  Value(int integer) : data(std::int64_t{integer}) {}
  Value(double number) : data(number) {}
  Value(std::string text) : data(Shared(std::move(text))) {}
  Value(std::string_view text) : data(Shared(std::string(text))) {}
  Value(const char* text) : data(Shared(std::string(text))) {}
  Value(List list);
  Value(Object object);

  bool is_nil() const { return std::holds_alternative<std::monostate>(data); }
  /// Null if the value is of another kind.
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data); }
  const double* real() const { return std::get_if<double>(&data); }
  const bool* boolean() const { return std::get_if<bool>(&data); }
  const std::string* text() const {
    const auto* text = std::get_if<Shared<std::string>>(&data);
    return text == nullptr ? nullptr : &**text;
  }
  const List* list() const {
    const auto* list = std::get_if<Shared<List>>(&data);
    return list == nullptr ? nullptr : &**list;
  }
  const Object* object() const {
    const auto* object = std::get_if<Shared<Object>>(&data);
    return object == nullptr ? nullptr : &**object;
  }
  List* edit_list();
  Object* edit_object();
  /// The member with that name; null if this is no object or has none.
  const Value* member(std::string_view name) const;
  /// The value of the member with that name; null if there is none or it is of another kind.
  const std::int64_t* integer(std::string_view name) const;
  const std::string* text(std::string_view name) const;
  /// The texts in the list with that name, without members of other kinds.
  std::vector<std::string> texts(std::string_view name) const;

  friend bool operator==(const Value&, const Value&);
};

bool operator==(const Value& left, const Value& right);

/// What the value holds besides its own size.
std::size_t heap_bytes_of(const Value& value);

/// Gives equal values one form: the members of objects sorted by name, and numbers without a
/// fraction as integers (1.0 and 1e0 are 1, -0.0 is 0). Returns a name that an object has twice;
/// empty if all is well.
std::string canonicalize(Value& value);

/// Whether the text could be taken for another kind of value: "17", "null".
bool looks_like_another_kind(std::string_view text);

/// The key's name in a history. Different keys have different names: the text "1" is quoted, the
/// number 1 is not.
std::string key_name(const Value& key);

/// Equal values hash alike.
std::size_t hash_of(const Value& value);
struct ValueHash {
  std::size_t operator()(const Value& value) const { return hash_of(value); }
};

/// As compact JSON: 17, "a", null, [1,2], {"kind":"kill"}
std::string to_json(const Value& value);
void append_json(std::string& out, const Value& value);
/// A text as it is, any other value as JSON.
std::string text_or_json(const Value& value);
/// A JSON string, quoted and escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sunder::history
