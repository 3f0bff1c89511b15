#pragma once
// Parses one event of sunder's JSON, the fields of Event as an object's members. Only `process`,
// `type` and `f` must be there; unknown fields, and fields of the answer that have another type
// than sunder's, are ignored. Surprise: the text must be followed by LineReader::padding readable
// bytes.

#include <cstdint>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "checker/history/event.h"
#include "checker/history/file_names.h"
#include "checker/history/input_error.h"

namespace sunder::history {

/// An error in a text, without file and line number.
struct LineError {
  std::string message;
  std::int64_t column = 0;
};

/// Parses each text into the same event, so that most of them need no allocation.
class EventParser {
 public:
  /// `naming` must outlive it.
  explicit EventParser(Naming& naming) : names_(naming.names), processes_(naming.processes) {}

  /// Throws LineError.
  void parse(std::string_view line, Event& event);
  Value parse_value(std::string_view line);
  void require_named_fields(const std::string& file) const { names_.require_named_fields(file); }

 private:
  using Json = simdjson::ondemand::value;
  enum class Field : unsigned { process = 1, type = 2, f = 4, key = 8, value = 16, time = 32 };

  void parse_fields(simdjson::ondemand::object object, Event& event);
  void parse_field(std::string_view name, Json json, Event& event);
  void parse_time(Json json, std::int64_t unit, Event& event);
  void parse_answer_field(std::string_view name, Json json, Event& event);
  void note(Field field, const char* name);
  bool has(Field field) const { return (seen_ & static_cast<unsigned>(field)) != 0; }
  ProcessId process_of(Json json);
  ProcessId unnamed_process(EventType type);
  std::int64_t integer_of(Json json, const char* field) const;
  void text_of(Json json, const char* field, std::string& text) const;
  void key_of(Json json, std::string& key) const;
  Value value_of(Json json, int depth) const;
  Value large_number_of(Json json) const;
  Value number_of(Json json) const;
  [[noreturn]] void refuse(std::string message) const;
  std::int64_t column_of(const char* location) const;

  simdjson::ondemand::parser parser_;
  FileNames names_;
  ProcessNames& processes_;
  std::string_view line_;
  /// The beginning of the current field's value.
  const char* field_ = nullptr;
  /// The Fields that the event has so far.
  unsigned seen_ = 0;
};

/// Whether the text is a JSON object whose end is missing.
bool is_cut_off(std::string_view text);

/// An error in an object that begins at `begin` and may have several lines.
InputError place_in_object(Place begin, std::string_view object, const LineError& error);

}  // namespace sunder::history
