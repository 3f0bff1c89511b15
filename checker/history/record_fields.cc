#include "checker/history/record_fields.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace sunder::history {

namespace {

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

}  // namespace

FieldMeanings::Meaning FieldMeanings::usual_meaning(std::string_view name) {
  const auto whole = plain(name);
  if (const auto role = role_named(whole)) return {role};
  for (const auto& unit : unit_suffixes) {
    if (!whole.ends_with(unit.text)) continue;
    const auto role =
        role_named(std::string_view(whole).substr(0, whole.size() - unit.text.size()));
    if (role == Role::start || role == Role::end) return {role, unit.nanoseconds};
  }
  return {};
}

/// A field that the user gave a name to is not found by another one.
bool FieldMeanings::is_given(Role role) const {
  return std::any_of(given_.begin(), given_.end(),
                     [&](const auto& each) { return usual_meaning(each.second).role == role; });
}

FieldMeanings::Meaning FieldMeanings::meaning_of(const std::string& name) const {
  const auto own = given_.find(name);
  if (own == given_.end()) {
    const auto meaning = usual_meaning(name);
    return meaning.role && is_given(*meaning.role) ? Meaning() : meaning;
  }
  auto meaning = usual_meaning(own->second);
  if (meaning.unit == 0) meaning.unit = usual_meaning(name).unit;
  return meaning;
}

const FieldMeanings::Meaning& FieldMeanings::meaning_at(std::size_t at, const std::string& name) {
  if (at >= known_.size()) known_.resize(at + 1);
  auto& known = known_[at];
  if (known.name != name) known = {name, meaning_of(name)};
  return known.meaning;
}

RecordFields FieldMeanings::fields_of(const Value& object) {
  RecordFields fields;
  std::size_t at = 0;
  for (const auto& [name, value] : *object.object()) {
    const auto& meaning = meaning_at(at++, name);
    if (!meaning.role) continue;
    auto& field = fields[*meaning.role];
    if (field.value != nullptr) {
      const auto own = given_.find(name);
      throw RecordError{
          fmt::format("\"{}\" and \"{}\" mean the same: say which counts, such as --map {}={}",
                      *field.name, name, own == given_.end() ? plain(name) : own->second, name)};
    }
    field = {&name, &value, meaning.unit};
  }
  return fields;
}

bool FieldMeanings::is_record(const Value& object) {
  const auto* type = object.text("type");
  if (object.object() == nullptr || (type != nullptr && *type == "invoke")) return false;
  const auto has = [&](Role role) {
    return std::any_of(object.object()->begin(), object.object()->end(),
                       [&](const auto& member) { return meaning_of(member.first).role == role; });
  };
  return has(Role::start) && (has(Role::end) || has(Role::f) || has(Role::argument));
}

}  // namespace sunder::history
