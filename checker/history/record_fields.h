#pragma once
// The fields of a record that stands for a whole operation, by what they mean, whatever their names
// are: {"process","f","value","start","end","ok"}, Porcupine's {ClientId, Input, Call, Output,
// Return}. Names may differ in case, "_" and "-". A time's unit may end its name: start_ms.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/history/timestamp.h"
#include "checker/history/value.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

enum class Role { process, f, key, value, argument, result, start, end, outcome, error };
constexpr std::size_t role_count = 10;

struct RecordField {
  const std::string* name = nullptr;
  /// Null if the record has no such field.
  const Value* value = nullptr;
  /// Of a time whose name says it: nanoseconds of one unit. 0 if it does not.
  std::int64_t unit = 0;
};

/// Valid as long as the object.
struct RecordFields {
  std::array<RecordField, role_count> fields;

  const RecordField& operator[](Role role) const { return fields[static_cast<std::size_t>(role)]; }
  RecordField& operator[](Role role) { return fields[static_cast<std::size_t>(role)]; }
  const Value* value(Role role) const { return (*this)[role].value; }
};

/// A message for people.
struct RecordError {
  std::string message;
};

/// What the fields of a file's records mean. It keeps the meanings of the last record's names,
/// because the records of a file are alike.
class FieldMeanings {
 public:
  /// `given` are names that the user said, theirs to ours; they must outlive it.
  explicit FieldMeanings(const Names& given) : given_(given) {}

  /// Throws RecordError if two fields mean the same.
  RecordFields fields_of(const Value& object);
  /// Whether the object tells of a whole operation, not of one event.
  bool is_record(const Value& object);

 private:
  struct Meaning {
    std::optional<Role> role;
    std::int64_t unit = 0;
  };
  struct Known {
    std::string name;
    Meaning meaning;
  };

  static Meaning usual_meaning(std::string_view name);
  Meaning meaning_of(const std::string& name) const;
  /// Of the field at that place in its record.
  const Meaning& meaning_at(std::size_t at, const std::string& name);
  bool is_given(Role role) const;

  const Names& given_;
  std::vector<Known> known_;
};

}  // namespace sunder::history
