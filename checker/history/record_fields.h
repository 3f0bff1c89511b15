#pragma once
// The fields of a record that stands for a whole operation, by what they mean, whatever their names
// are: {"process","f","value","start","end","ok"}, Porcupine's {ClientId, Input, Call, Output,
// Return}. Names may differ in case, "_" and "-". A time's unit may end its name: start_ms.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checker/history/spelling.h"
#include "checker/history/value.h"

namespace sunder::history {

enum class Role { process, f, key, value, argument, result, start, end, outcome, error };

struct RecordField {
  std::string name;
  const Value* value = nullptr;
  /// Of a time whose name says it: nanoseconds of one unit. 0 if it does not.
  std::int64_t unit = 0;
};

/// Valid as long as the object.
using RecordFields = std::map<Role, RecordField>;

/// A message for people: two fields that mean the same.
struct RecordError {
  std::string message;
};

/// `given` are names that the user said: theirs to ours. Throws RecordError.
RecordFields record_fields(const Value& object, const Names& given);

/// Whether the object tells of a whole operation, not of one event.
bool is_record(const Value& object, const Names& given);

/// A time as it stands there.
struct RecordTime {
  std::int64_t whole = 0;
  double fraction = 0;
  /// Nanoseconds of one unit; 0 if not known.
  std::int64_t unit = 0;
};

/// Of an integer, a fraction, digits as text, or a date such as "2026-01-02T03:04:05.678Z".
std::optional<RecordTime> record_time(const RecordField& field);

}  // namespace sunder::history
