#include "checker/history/jsonl.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "checker/history/input_error.h"
#include "checker/history/json_objects.h"
#include "checker/history/line_reader.h"
#include "checker/history/plain_line.h"
#include "checker/history/spelling.h"

namespace sunder::history {

namespace {

namespace ondemand = simdjson::ondemand;

static_assert(LineReader::padding >= simdjson::SIMDJSON_PADDING);

/// An error in a line, without file and line number.
struct LineError {
  std::string message;
  std::int64_t column = 0;
};

void append_integer(std::string& out, std::int64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

/// Parses each line into the same event, so that most lines need no allocation.
class EventParser {
 public:
  EventParser() = default;
  explicit EventParser(const Vocabulary& names) : names_(names) {}

  /// `line` must be followed by readable padding. Throws LineError.
  void parse(std::string_view line, Event& event);
  Value parse_value(std::string_view line);
  /// A field that the user named and that no event had is a mistake. Throws InputError.
  void require_named_fields(const std::string& file) const;

 private:
  void parse_fields(ondemand::object object, Event& event);
  std::string_view our_field(std::string_view theirs);
  void parse_field(std::string_view name, ondemand::value value, Event& event);
  void parse_answer_field(std::string_view name, ondemand::value value, Event& event);
  ProcessId process_of(ondemand::value value) const;
  std::int64_t integer_of(ondemand::value value, const char* field) const;
  void text_of(ondemand::value value, const char* field, std::string& text) const;
  void key_of(ondemand::value value, std::string& key) const;
  Value value_of(ondemand::value value, int depth) const;
  Value large_number_of(ondemand::value value) const;
  Value number_of(ondemand::value value) const;
  [[noreturn]] void refuse(std::string message) const;
  std::int64_t column_of(const char* location) const;

  ondemand::parser parser_;
  Vocabulary names_;
  /// The fields that the user named and that were there.
  Names seen_;
  std::string_view line_;
  /// The beginning of the current field's value.
  const char* field_ = nullptr;
  bool has_process_ = false;
  bool has_type_ = false;
  bool has_f_ = false;
};

std::int64_t EventParser::column_of(const char* location) const {
  if (location < line_.data() || location > line_.data() + line_.size()) {
    return static_cast<std::int64_t>(line_.size()) + 1;
  }
  return location - line_.data() + 1;
}

void EventParser::refuse(std::string message) const {
  throw LineError{std::move(message), column_of(field_)};
}

std::int64_t EventParser::integer_of(ondemand::value value, const char* field) const {
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) != simdjson::SUCCESS) {
    refuse(fmt::format("\"{}\" must be an integer of 64 bits", field));
  }
  return integer;
}

void EventParser::text_of(ondemand::value value, const char* field, std::string& text) const {
  std::string_view view;
  if (value.get_string().get(view) != simdjson::SUCCESS) {
    refuse(fmt::format("\"{}\" must be a string", field));
  }
  text.assign(view);
}

void EventParser::key_of(ondemand::value value, std::string& key) const {
  std::string_view view;
  if (value.get_string().get(view) == simdjson::SUCCESS) {
    if (looks_like_another_kind(view)) {
      key = key_name(view);
    } else {
      key.assign(view);
    }
    return;
  }
  auto other = value_of(value, 0);
  canonicalize(other);
  if (other.list() != nullptr || other.object() != nullptr) {
    refuse("\"key\" must be a string or a number");
  }
  key = key_name(other);
}

ProcessId EventParser::process_of(ondemand::value value) const {
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS && number >= 0) return ProcessId{number};
  double real = 0;  // 1.0, as programs write it that have one kind of number
  constexpr double most = 9e15;
  if (value.get_double().get(real) == simdjson::SUCCESS && real >= 0 && real < most &&
      real == std::trunc(real)) {
    return ProcessId{static_cast<std::int64_t>(real)};
  }
  std::string_view name;
  if (value.get_string().get(name) == simdjson::SUCCESS) {
    if (name == "nemesis" || name == ":nemesis") return ProcessId::nemesis;
    const auto* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, number);
    if (read.ptr == end && read.ec == std::errc() && number >= 0) return ProcessId{number};
  }
  refuse(
      "\"process\" must be a number from 0 on, or \"nemesis\". If the clients have names, number "
      "them");
}

Value EventParser::number_of(ondemand::value value) const {
  ondemand::number number;
  if (value.get_number().get(number) != simdjson::SUCCESS) return large_number_of(value);
  switch (number.get_number_type()) {
    case ondemand::number_type::signed_integer:
      return number.get_int64();
    case ondemand::number_type::floating_point_number:
      return number.get_double();
    default:
      return large_number_of(value);
  }
}

/// An integer that 64 bits cannot hold, as the text that EDN has for it: it can only be compared
/// for equality.
Value EventParser::large_number_of(ondemand::value value) const {
  auto digits = value.raw_json_token();
  digits = digits.substr(0, digits.find_last_not_of(" \t\r\n") + 1);
  const auto first = digits.starts_with('-') ? 1U : 0U;
  if (digits.size() == first ||
      digits.find_first_not_of("0123456789", first) != std::string_view::npos) {
    refuse("not a number of JSON, or none that 64 bits can hold");
  }
  return std::string(digits) + 'N';
}

Value EventParser::value_of(ondemand::value value, int depth) const {
  if (depth > max_depth) refuse(fmt::format("nested deeper than {} levels", max_depth));
  switch (value.type()) {
    case ondemand::json_type::null: {
      if (!value.is_null()) refuse("not a JSON value");
      return {};
    }
    case ondemand::json_type::boolean:
      return value.get_bool().value();
    case ondemand::json_type::number:
      return number_of(value);
    case ondemand::json_type::string:
      return std::string_view(value.get_string());
    case ondemand::json_type::array: {
      List list;
      for (auto item : value.get_array()) list.push_back(value_of(item.value(), depth + 1));
      return list;
    }
    case ondemand::json_type::object: {
      Object object;
      for (auto field : value.get_object()) {
        std::string name(std::string_view(field.unescaped_key()));
        object.emplace_back(std::move(name), value_of(field.value(), depth + 1));
      }
      return object;
    }
  }
  refuse("not a JSON value");
}

/// Also ":ok" and "OK".
std::optional<EventType> type_of(std::string_view text) {
  if (const auto type = event_type_named(text)) return type;
  std::string plain(text.substr(text.starts_with(':') ? 1 : 0));
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return event_type_named(plain);
}

void EventParser::parse_field(std::string_view name, ondemand::value value, Event& event) {
  field_ = value.current_location().value();
  if (name == "index") {
    event.index = integer_of(value, "index");
  } else if (name == "time") {
    event.time = Time{integer_of(value, "time")};
    event.has_time = true;
  } else if (name == "process") {
    event.process = process_of(value);
    has_process_ = true;
  } else if (name == "type") {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) refuse("\"type\" must be text");
    const auto given = names_.types.find(text);
    const auto type = type_of(given == names_.types.end() ? text : given->second);
    if (!type) refuse(fmt::format("type \"{}\": use invoke, ok, fail or info", text));
    event.type = *type;
    has_type_ = true;
  } else if (name == "f") {
    text_of(value, "f", event.f);
    if (event.f.size() > 1 && event.f.front() == ':') event.f.erase(0, 1);  // a keyword of EDN
    has_f_ = true;
  } else if (name == "key") {
    key_of(value, event.key);
  } else if (name == "value") {
    event.value = value_of(value, 0);
  } else if (name == "error") {
    event.error.clear();
    const Value error = value_of(value, 0);
    if (!error.is_nil()) event.error = error.text() != nullptr ? *error.text() : to_json(error);
  } else {
    parse_answer_field(name, value, event);
  }
}

Answer& answer_of(Event& event) {
  if (!event.answer) event.answer.emplace();
  return *event.answer;
}

void EventParser::parse_answer_field(std::string_view name, ondemand::value value, Event& event) {
  std::string_view text;
  std::int64_t number = 0;
  if (name == "found") {
    answer_of(event).found = value_of(value, 0);
  } else if (name == "node") {
    if (value.get_string().get(text) != simdjson::SUCCESS || text.empty()) return;
    answer_of(event).node = text;
  } else if (name == "command") {
    if (value.get_string().get(text) != simdjson::SUCCESS) return;
    if (const auto command = command_digest(text)) answer_of(event).command = command;
  } else if (name == "revision") {
    if (value.get_int64().get(number) == simdjson::SUCCESS) answer_of(event).revision = number;
  } else if (name == "term") {
    if (value.get_int64().get(number) == simdjson::SUCCESS) answer_of(event).term = number;
  }
}

/// A field whose meaning the user gave to another one has none.
std::string_view EventParser::our_field(std::string_view theirs) {
  const auto own = names_.fields.find(theirs);
  if (own != names_.fields.end()) {
    seen_.insert(*own);
    return own->second;
  }
  const bool is_taken = std::any_of(names_.fields.begin(), names_.fields.end(),
                                    [&](const auto& each) { return each.second == theirs; });
  return is_taken ? std::string_view() : theirs;
}

void EventParser::require_named_fields(const std::string& file) const {
  for (const auto& [theirs, ours] : names_.fields) {
    if (seen_.contains(theirs) || names_.types.contains(theirs)) continue;
    throw InputError({file}, fmt::format("no event has the field \"{}\", which --map {}={} names",
                                         theirs, ours, theirs));
  }
}

void EventParser::parse_fields(ondemand::object object, Event& event) {
  for (auto field : object) {
    const std::string_view name = field.unescaped_key();
    parse_field(names_.fields.empty() ? name : our_field(name), field.value(), event);
  }
}

/// The slower parser gives a better message and place. If it finds no error, `reason` is used.
LineError syntax_error_of(std::string_view line, const char* reason) {
  try {
    if (nlohmann::json::parse(line).is_object()) return {reason, 0};
    return {"not a JSON object: an event is {\"process\":0,\"type\":\"invoke\",\"f\":...}", 1};
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view text = error.what();
    return {fmt::format("not JSON: {}", text.substr(text.rfind(": ") + 2)),
            static_cast<std::int64_t>(error.byte)};
  } catch (const nlohmann::json::out_of_range&) {
    return {reason, 0};  // a number too large for it
  }
}

void EventParser::parse(std::string_view line, Event& event) {
  line_ = line;
  has_process_ = has_type_ = has_f_ = false;
  event.time = Time{0};
  event.has_time = false;
  event.key.clear();
  event.error.clear();
  event.answer.reset();
  event.value.data = std::monostate{};
  try {
    auto document = parser_.iterate(line.data(), line.size(), line.size() + LineReader::padding);
    parse_fields(document.get_object(), event);
    const char* behind = nullptr;
    if (document.current_location().get(behind) == simdjson::SUCCESS) {
      throw LineError{"more follows behind the object's end", column_of(behind)};
    }
  } catch (const simdjson::simdjson_error& error) {
    throw syntax_error_of(line, simdjson::error_message(error.error()));
  }
  if (!has_process_) throw LineError{"the field \"process\" is missing", 0};
  if (!has_type_) throw LineError{"the field \"type\" is missing", 0};
  if (!has_f_ && event.value.list() != nullptr && is_transaction(event.value)) {
    event.f = "txn";  // Elle's own files leave it out
    has_f_ = true;
  }
  if (!has_f_) throw LineError{"the field \"f\" is missing", 0};
  const bool completes = event.process != ProcessId::nemesis && event.type != EventType::invoke;
  if (!completes) event.answer.reset();
}

Value EventParser::parse_value(std::string_view line) {
  line_ = line;
  field_ = line.data();
  try {
    auto document = parser_.iterate(line.data(), line.size(), line.size() + LineReader::padding);
    return value_of(document.get_value().value(), 0);
  } catch (const simdjson::simdjson_error& error) {
    throw syntax_error_of(line, simdjson::error_message(error.error()));
  }
}

/// Whether the line is a JSON object whose end is missing.
bool is_cut_off(std::string_view line) {
  if (line.empty() || line.front() != '{') return false;
  try {
    const auto whole = nlohmann::json::parse(line);
    return false;
  } catch (const nlohmann::json::parse_error& error) {
    return error.byte > line.size();
  } catch (const nlohmann::json::out_of_range&) {
    return false;
  }
}

void append_answer(std::string& out, const Answer& answer) {
  if (!answer.node.empty()) {
    out += ",\"node\":";
    append_json_string(out, answer.node);
  }
  if (answer.found) {
    out += ",\"found\":";
    append_json(out, *answer.found);
  }
  if (answer.revision) {
    out += ",\"revision\":";
    append_integer(out, *answer.revision);
  }
  if (answer.term) {
    out += ",\"term\":";
    append_integer(out, *answer.term);
  }
  if (answer.command) out += fmt::format(R"(,"command":"{:016x}")", *answer.command);
}

/// Of an event that says none.
std::int64_t next_index_behind(const Event& event) {
  return event.index < INT64_MAX ? event.index + 1 : event.index;
}

/// An error in an object that begins at `begin` and may have several lines.
InputError place_in_object(Place begin, std::string_view object, const LineError& error) {
  if (error.column > 0) {
    const auto before = object.substr(0, static_cast<std::size_t>(error.column - 1));
    const auto newline = before.rfind('\n');
    begin.line += std::count(before.begin(), before.end(), '\n');
    begin.column = newline == std::string_view::npos
                       ? begin.column + error.column - 1
                       : error.column - static_cast<std::int64_t>(newline) - 1;
  }
  return {std::move(begin), error.message};
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

void append_json_line(std::string& out, const Event& event) {
  out += "{\"index\":";
  append_integer(out, event.index);
  out += ",\"time\":";
  append_integer(out, event.time.count());
  out += ",\"process\":";
  if (event.process == ProcessId::nemesis) {
    out += "\"nemesis\"";
  } else {
    append_integer(out, static_cast<std::int64_t>(event.process));
  }
  out += ",\"type\":\"";
  out += name_of(event.type);
  out += "\",\"f\":";
  append_json_string(out, event.f);
  if (!event.key.empty()) {
    out += ",\"key\":";
    append_json_string(out, event.key);
  }
  out += ",\"value\":";
  append_json(out, event.value);
  if (event.answer) append_answer(out, *event.answer);
  if (!event.error.empty()) {
    out += ",\"error\":";
    append_json_string(out, event.error);
  }
  out += "}\n";
}

std::vector<std::string> read_json_text(LineReader& lines, const EventSink& sink,
                                        const Vocabulary& names) {
  EventParser parser(names);
  Event event;
  std::int64_t next_index = 0;
  std::int64_t first_line = 0;
  const bool is_whole =
      read_json_objects(lines, [&](std::string_view text, std::int64_t line, std::int64_t column) {
        event.index = next_index;
        try {
          parser.parse(text, event);
        } catch (const LineError& error) {
          throw place_in_object({lines.file(), line, column}, text, error);
        }
        next_index = next_index_behind(event);
        first_line = line;
        sink(event, line);
      });
  parser.require_named_fields(lines.file());
  if (is_whole) return {};
  return {fmt::format("{}: the last operation, behind line {}, was cut off and is ignored",
                      lines.file(), first_line)};
}

std::vector<std::string> read_json_lines(LineReader& lines, const EventSink& sink,
                                         const Vocabulary& names) {
  const bool may_be_plain = names.fields.empty() && names.types.empty();
  std::vector<std::string> warnings;
  EventParser parser(names);
  Event event;
  std::int64_t index = 0;
  while (const auto line = lines.next()) {
    if (is_blank(*line)) continue;
    event.index = index;
    try {
      if (!may_be_plain || !parse_plain_line(*line, event)) {
        event.index = index;
        parser.parse(*line, event);
      }
    } catch (const LineError& error) {
      if (lines.is_unterminated() && is_cut_off(*line)) {
        warnings.push_back(fmt::format("{}:{}: the last line was cut off and is ignored",
                                       lines.file(), lines.line_number()));
        break;
      }
      throw InputError({lines.file(), lines.line_number(), error.column}, error.message);
    }
    index = next_index_behind(event);
    sink(event, lines.line_number());
  }
  parser.require_named_fields(lines.file());
  return warnings;
}

Value parse_json_object(std::string_view text, const Place& place) {
  thread_local EventParser parser;
  try {
    auto value = parser.parse_value(text);
    if (const auto twice = canonicalize(value); !twice.empty()) {
      throw LineError{fmt::format("an object has the name \"{}\" twice", twice), 0};
    }
    return value;
  } catch (const LineError& error) {
    throw place_in_object(place, text, error);
  }
}

Event parse_json_line(std::string_view line, const std::string& file, std::int64_t line_number) {
  std::string padded(line);
  padded.resize(line.size() + LineReader::padding);
  Event event;
  try {
    EventParser parser;
    parser.parse(std::string_view(padded.data(), line.size()), event);
  } catch (const LineError& error) {
    throw InputError({file, line_number, error.column}, error.message);
  }
  return event;
}

}  // namespace sunder::history
