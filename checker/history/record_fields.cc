#include "checker/history/record_fields.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace sunder::history {

namespace {

constexpr std::int64_t nanoseconds_of_a_second = 1'000'000'000;

struct RoleName {
  std::string_view name;
  Role role;
};

constexpr std::array role_names{RoleName{"process", Role::process},
                                RoleName{"processid", Role::process},
                                RoleName{"client", Role::process},
                                RoleName{"clientid", Role::process},
                                RoleName{"thread", Role::process},
                                RoleName{"worker", Role::process},
                                RoleName{"f", Role::f},
                                RoleName{"op", Role::f},
                                RoleName{"operation", Role::f},
                                RoleName{"function", Role::f},
                                RoleName{"key", Role::key},
                                RoleName{"value", Role::value},
                                RoleName{"input", Role::argument},
                                RoleName{"argument", Role::argument},
                                RoleName{"arg", Role::argument},
                                RoleName{"request", Role::argument},
                                RoleName{"output", Role::result},
                                RoleName{"result", Role::result},
                                RoleName{"response", Role::result},
                                RoleName{"start", Role::start},
                                RoleName{"starttime", Role::start},
                                RoleName{"begin", Role::start},
                                RoleName{"call", Role::start},
                                RoleName{"calltime", Role::start},
                                RoleName{"invoke", Role::start},
                                RoleName{"invoketime", Role::start},
                                RoleName{"end", Role::end},
                                RoleName{"endtime", Role::end},
                                RoleName{"finish", Role::end},
                                RoleName{"return", Role::end},
                                RoleName{"returntime", Role::end},
                                RoleName{"complete", Role::end},
                                RoleName{"completetime", Role::end},
                                RoleName{"ok", Role::outcome},
                                RoleName{"success", Role::outcome},
                                RoleName{"type", Role::outcome},
                                RoleName{"status", Role::outcome},
                                RoleName{"outcome", Role::outcome},
                                RoleName{"error", Role::error},
                                RoleName{"err", Role::error}};

struct Unit {
  std::string_view suffix;
  std::int64_t nanoseconds;
};

constexpr std::array units{Unit{"nanos", 1},
                           Unit{"ns", 1},
                           Unit{"micros", 1000},
                           Unit{"us", 1000},
                           Unit{"millis", 1000'000},
                           Unit{"ms", 1000'000},
                           Unit{"seconds", nanoseconds_of_a_second},
                           Unit{"s", nanoseconds_of_a_second}};

/// "Client_ID" as "clientid".
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ':') {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::optional<Role> role_named(std::string_view name) {
  const auto* found = std::find_if(role_names.begin(), role_names.end(),
                                   [&](const RoleName& each) { return each.name == name; });
  return found == role_names.end() ? std::nullopt : std::optional(found->role);
}

struct Meaning {
  Role role;
  std::int64_t unit = 0;
};

std::optional<Meaning> meaning_of(std::string_view name) {
  const auto whole = plain(name);
  if (const auto role = role_named(whole)) return Meaning{*role};
  for (const auto& unit : units) {
    if (!whole.ends_with(unit.suffix)) continue;
    const auto role =
        role_named(std::string_view(whole).substr(0, whole.size() - unit.suffix.size()));
    if (role == Role::start || role == Role::end) return Meaning{*role, unit.nanoseconds};
  }
  return std::nullopt;
}

/// A field that the user gave a name to is not found by another one.
bool is_given(Role role, const Names& given) {
  return std::any_of(given.begin(), given.end(), [&](const auto& each) {
    const auto meaning = meaning_of(each.second);
    return meaning && meaning->role == role;
  });
}

std::optional<RecordTime> time_of_date(const std::string& text, std::int64_t unit) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) rest = ::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
  if (rest == nullptr || unit != 0) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (*rest == '.' || *rest == ',') {
    std::int64_t place = nanoseconds_of_a_second / 10;
    for (++rest; std::isdigit(static_cast<unsigned char>(*rest)) != 0; ++rest, place /= 10) {
      nanoseconds += (*rest - '0') * place;
    }
  }
  std::int64_t behind_utc = 0;
  if (*rest == '+' || *rest == '-') {
    int hours = 0;
    int minutes = 0;
    if (std::sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2) return std::nullopt;
    behind_utc = (*rest == '-' ? 1 : -1) * (hours * 3600 + minutes * 60);
  } else if (*rest != 0 && std::string_view(rest) != "Z") {
    return std::nullopt;
  }
  const auto seconds = static_cast<std::int64_t>(::timegm(&parts)) + behind_utc;
  return RecordTime{seconds * nanoseconds_of_a_second + nanoseconds, 0, 1};
}

}  // namespace

RecordFields record_fields(const Value& object, const Names& given) {
  RecordFields fields;
  for (const auto& [name, value] : *object.object()) {
    const auto own = given.find(name);
    const auto meaning = meaning_of(own == given.end() ? name : own->second);
    if (!meaning || (own == given.end() && is_given(meaning->role, given))) continue;
    const auto unit = meaning->unit != 0 || own == given.end()
                          ? meaning->unit
                          : meaning_of(name).value_or(Meaning{meaning->role}).unit;
    const auto [field, is_first] =
        fields.try_emplace(meaning->role, RecordField{name, &value, unit});
    if (!is_first) {
      throw RecordError{fmt::format(
          "\"{}\" and \"{}\" mean the same: say which counts, such as "
          "--map {}={}",
          field->second.name, name, own == given.end() ? plain(name) : own->second, name)};
    }
  }
  return fields;
}

bool is_record(const Value& object, const Names& given) {
  if (object.object() == nullptr) return false;
  const auto has = [&](Role role) {
    return std::any_of(object.object()->begin(), object.object()->end(), [&](const auto& member) {
      const auto own = given.find(member.first);
      const auto meaning = meaning_of(own == given.end() ? member.first : own->second);
      return meaning && meaning->role == role;
    });
  };
  const auto* type = object.text("type");
  return has(Role::start) && (type == nullptr || *type != "invoke") &&
         (has(Role::end) || has(Role::f) || has(Role::argument));
}

std::optional<RecordTime> record_time(const RecordField& field) {
  if (const auto* integer = field.value->integer()) return RecordTime{*integer, 0, field.unit};
  if (const auto* number = field.value->real()) {
    if (std::abs(*number) > 9e18) return std::nullopt;
    const double whole = std::floor(*number);
    return RecordTime{static_cast<std::int64_t>(whole), *number - whole, field.unit};
  }
  const auto* text = field.value->text();
  if (text == nullptr) return std::nullopt;
  const char* end = text->data() + text->size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text->data(), end, integer);
      read.ptr == end && read.ec == std::errc()) {
    return RecordTime{integer, 0, field.unit};
  }
  return time_of_date(*text, field.unit);
}

}  // namespace sunder::history
