#include "checker/history/value.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include <fmt/format.h>

namespace sunder::history {

namespace {

void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";  // JSON has no word for it
    return;
  }
  const auto start = out.size();
  fmt::format_to(std::back_inserter(out), "{}", number);
  if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
}

void append_list(std::string& out, const List& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, list[i]);
  }
  out += ']';
}

void append_object(std::string& out, const Object& object) {
  out += '{';
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, object[i].first);
    out += ':';
    append_json(out, object[i].second);
  }
  out += '}';
}

std::size_t mixed(std::size_t seed, std::size_t hash) {
  return (seed ^ hash) * 0x9e3779b97f4a7c15U + (seed >> 29);
}

}  // namespace

static_assert(sizeof(Value) == 16, "a history holds millions of them");

Value::Value(List list) : data(Shared(std::move(list))) {}
Value::Value(Object object) : data(Shared(std::move(object))) {}

List* Value::edit_list() {
  auto* list = std::get_if<Shared<List>>(&data);
  return list == nullptr ? nullptr : &list->edit();
}

Object* Value::edit_object() {
  auto* object = std::get_if<Shared<Object>>(&data);
  return object == nullptr ? nullptr : &object->edit();
}

const Value* Value::member(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  for (const auto& [own_name, value] : *members) {
    if (own_name == name) return &value;
  }
  return nullptr;
}

const std::int64_t* Value::integer(std::string_view name) const {
  const auto* value = member(name);
  return value == nullptr ? nullptr : value->integer();
}

const std::string* Value::text(std::string_view name) const {
  const auto* value = member(name);
  return value == nullptr ? nullptr : value->text();
}

std::vector<std::string> Value::texts(std::string_view name) const {
  std::vector<std::string> found;
  const auto* value = member(name);
  if (value == nullptr || value->list() == nullptr) return found;
  for (const auto& item : *value->list()) {
    if (item.text() != nullptr) found.push_back(*item.text());
  }
  return found;
}

std::string canonicalize(Value& value) {
  std::string twice;
  if (const auto* number = value.real()) {
    constexpr double limit = 9223372036854775808.0;  // 2^63
    const bool is_integer = std::trunc(*number) == *number && std::abs(*number) < limit;
    if (is_integer) value.data = static_cast<std::int64_t>(*number);
  } else if (auto* list = value.edit_list()) {
    for (auto& item : *list) {
      auto below = canonicalize(item);
      if (twice.empty()) twice = std::move(below);
    }
  } else if (auto* object = value.edit_object()) {
    const auto by_name = [](const auto& left, const auto& right) {
      return left.first < right.first;
    };
    if (!std::is_sorted(object->begin(), object->end(), by_name)) {
      std::sort(object->begin(), object->end(), by_name);
    }
    for (std::size_t i = 0; i < object->size(); ++i) {
      auto below = canonicalize((*object)[i].second);
      if (i > 0 && (*object)[i].first == (*object)[i - 1].first) below = (*object)[i].first;
      if (twice.empty()) twice = std::move(below);
    }
  }
  return twice;
}

bool looks_like_another_kind(std::string_view text) {
  if (text.empty()) return false;
  const auto first = text.front() == '-' && text.size() > 1 ? text[1] : text.front();
  return (first >= '0' && first <= '9') || first == '"' || first == '[' || first == '{' ||
         text == "null" || text == "true" || text == "false";
}

std::string key_name(const Value& key) {
  const auto* text = key.text();
  if (key.is_nil()) return {};
  return text != nullptr && !looks_like_another_kind(*text) ? *text : to_json(key);
}

bool operator==(const Value& left, const Value& right) {
  return left.data == right.data;
}

std::size_t hash_of(const Value& value) {
  const std::size_t seed = value.data.index() + 1;
  return std::visit(
      [seed](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        std::size_t hash = seed;
        if constexpr (std::is_same_v<T, Shared<List>>) {
          for (const auto& item : *data) hash = mixed(hash, hash_of(item));
        } else if constexpr (std::is_same_v<T, Shared<Object>>) {
          for (const auto& [name, item] : *data) {
            hash = mixed(mixed(hash, std::hash<std::string>{}(name)), hash_of(item));
          }
        } else if constexpr (std::is_same_v<T, Shared<std::string>>) {
          hash = mixed(seed, std::hash<std::string>{}(*data));
        } else {
          hash = mixed(seed, std::hash<T>{}(data));
        }
        return hash;
      },
      value.data);
}

std::size_t heap_bytes_of(const Value& value) {
  constexpr std::size_t within_itself = 15;  // a shorter text allocates nothing
  const auto of_text = [](const std::string& text) {
    return text.capacity() > within_itself ? text.capacity() : 0;
  };
  if (const auto* text = value.text()) return sizeof(*text) + of_text(*text);
  std::size_t bytes = 0;
  if (const auto* list = value.list()) {
    bytes = sizeof(*list) + list->capacity() * sizeof(Value);
    for (const auto& item : *list) bytes += heap_bytes_of(item);
  } else if (const auto* object = value.object()) {
    bytes = sizeof(*object) + object->capacity() * sizeof(Object::value_type);
    for (const auto& [name, item] : *object) bytes += of_text(name) + heap_bytes_of(item);
  }
  return bytes;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  std::visit(
      [&out](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          out += "null";
        } else if constexpr (std::is_same_v<T, bool>) {
          out += data ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          const fmt::format_int digits(data);
          out.append(digits.data(), digits.size());
        } else if constexpr (std::is_same_v<T, double>) {
          append_double(out, data);
        } else if constexpr (std::is_same_v<T, Shared<std::string>>) {
          append_json_string(out, *data);
        } else if constexpr (std::is_same_v<T, Shared<List>>) {
          append_list(out, *data);
        } else {
          append_object(out, *data);
        }
      },
      value.data);
}

std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string text_or_json(const Value& value) {
  return value.text() != nullptr ? *value.text() : to_json(value);
}

}  // namespace sunder::history
