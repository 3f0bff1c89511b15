#include "checker/history/file_names.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "checker/history/input_error.h"

namespace sunder::history {

std::string_view FileNames::field(std::string_view theirs) {
  const auto own = names_.fields.find(theirs);
  if (own != names_.fields.end()) {
    if (!seen_.contains(theirs)) seen_.insert(own->first);
    return own->second;
  }
  const bool is_taken = std::any_of(names_.fields.begin(), names_.fields.end(),
                                    [&](const auto& each) { return each.second == theirs; });
  return is_taken ? std::string_view() : theirs;
}

std::optional<EventType> FileNames::type(std::string_view theirs) const {
  const auto given = names_.types.find(theirs);
  const std::string_view name = given == names_.types.end() ? theirs : given->second;
  if (const auto type = event_type_named(name)) return type;
  std::string plain(name.substr(name.starts_with(':') ? 1 : 0));
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return event_type_named(plain);
}

void FileNames::require_named_fields(const std::string& file) const {
  for (const auto& [theirs, ours] : names_.fields) {
    if (seen_.contains(theirs) || names_.types.contains(theirs)) continue;
    throw InputError({file}, fmt::format("no event has the field \"{}\", which --map {}={} names",
                                         theirs, ours, theirs));
  }
}

}  // namespace sunder::history
