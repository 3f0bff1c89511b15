#pragma once
// The names of fields and outcomes in one file of events, as the user gave them. Invariant: a field
// that the user named must be in the file, or the name is a mistake.

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "checker/history/event.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

class FileNames {
 public:
  explicit FileNames(const Vocabulary& names) : names_(names) {}

  bool renames_fields() const { return !names_.fields.empty(); }
  /// What we call the field. Empty if the user gave its meaning to another one.
  std::string_view field(std::string_view theirs);
  /// Also ":ok", "OK", and the user's names.
  std::optional<EventType> type(std::string_view theirs) const;
  /// Throws InputError if a field that the user named was in no event.
  void require_named_fields(const std::string& file) const;

 private:
  const Vocabulary& names_;
  /// The fields that the user named and that were there.
  std::set<std::string, std::less<>> seen_;
};

}  // namespace sunder::history
