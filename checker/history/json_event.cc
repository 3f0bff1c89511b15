#include "checker/history/json_event.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checker/history/jsonl.h"
#include "checker/history/line_reader.h"
#include "checker/history/spelling.h"
#include "checker/history/timestamp.h"

namespace sunder::history {

namespace ondemand = simdjson::ondemand;

static_assert(LineReader::padding >= simdjson::SIMDJSON_PADDING);

namespace {

/// More of an object cost a copy of all.
constexpr std::size_t usual_members = 8;

Answer& answer_of(Event& event) {
  if (!event.answer) event.answer.emplace();
  return *event.answer;
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

/// As canonicalize(), but the object's own members stay in their order: to sort them costs as much
/// as to parse them.
std::string canonicalize_members(Object& members) {
  constexpr std::size_t most_compared = 16;
  std::string twice;
  if (members.size() > most_compared) {
    Value whole(std::move(members));
    twice = canonicalize(whole);
    members = std::move(*whole.edit_object());
    return twice;
  }
  for (auto member = members.begin(); member != members.end(); ++member) {
    const bool is_double = std::any_of(
        members.begin(), member, [&](const auto& other) { return other.first == member->first; });
    if (is_double && twice.empty()) twice = member->first;
    auto below = canonicalize(member->second);
    if (twice.empty()) twice = std::move(below);
  }
  return twice;
}

}  // namespace

std::int64_t EventParser::column_of(const char* location) const {
  if (location < line_.data() || location > line_.data() + line_.size()) {
    return static_cast<std::int64_t>(line_.size()) + 1;
  }
  return location - line_.data() + 1;
}

void EventParser::refuse(std::string message) const {
  throw LineError{std::move(message), column_of(field_)};
}

std::int64_t EventParser::integer_of(Json value, const char* field) const {
  std::int64_t integer = 0;
  if (value.get_int64().get(integer) != simdjson::SUCCESS) {
    refuse(fmt::format("\"{}\" must be an integer of 64 bits", field));
  }
  return integer;
}

void EventParser::text_of(Json value, const char* field, std::string& text) const {
  std::string_view view;
  if (value.get_string().get(view) != simdjson::SUCCESS) {
    refuse(fmt::format("\"{}\" must be a string", field));
  }
  text.assign(view);
}

void EventParser::key_of(Json value, std::string& key) const {
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

ProcessId EventParser::unnamed_process(EventType type) {
  try {
    return processes_.unnamed(type);
  } catch (const ProcessError& error) {
    throw LineError{error.message, 0};
  }
}

ProcessId EventParser::process_of(Json value) {
  std::int64_t number = 0;
  try {
    if (value.get_int64().get(number) == simdjson::SUCCESS) return processes_.numbered(number);
    return processes_.process_of(value_of(value, 0));
  } catch (const ProcessError& error) {
    refuse(error.message);
  }
}

Value EventParser::number_of(Json value) const {
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
Value EventParser::large_number_of(Json value) const {
  auto digits = value.raw_json_token();
  digits = digits.substr(0, digits.find_last_not_of(" \t\r\n") + 1);
  const auto first = digits.starts_with('-') ? 1U : 0U;
  if (digits.size() == first ||
      digits.find_first_not_of("0123456789", first) != std::string_view::npos) {
    refuse("not a number of JSON, or none that 64 bits can hold");
  }
  return std::string(digits) + 'N';
}

Value EventParser::value_of(Json value, int depth) const {
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
      object.reserve(usual_members);
      for (auto field : value.get_object()) {
        std::string name(std::string_view(field.unescaped_key()));
        object.emplace_back(std::move(name), value_of(field.value(), depth + 1));
      }
      return object;
    }
  }
  refuse("not a JSON value");
}

/// A field that stands there twice has two meanings.
void EventParser::note(Field field, const char* name) {
  if (has(field)) refuse(fmt::format("the event has the field \"{}\" twice", name));
  seen_ |= static_cast<unsigned>(field);
}

void EventParser::parse_time(Json json, std::int64_t unit, Event& event) {
  std::int64_t number = 0;
  const bool is_integer = json.get_int64().get(number) == simdjson::SUCCESS;
  try {
    const auto time = event_time(is_integer ? Value(number) : value_of(json, 0), unit);
    event.has_time = time.has_value();
    event.time = time.value_or(Time{0});
  } catch (const TimeError& error) {
    refuse(error.message);
  }
}

void EventParser::parse_field(std::string_view name, Json value, Event& event) {
  field_ = value.current_location().value();
  if (name == "index") {
    event.index = integer_of(value, "index");
  } else if (name == "time") {
    note(Field::time, "time");
    parse_time(value, 0, event);
  } else if (name == "process") {
    note(Field::process, "process");
    event.process = process_of(value);
  } else if (name == "type") {
    note(Field::type, "type");
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) refuse("\"type\" must be text");
    const auto type = names_.type(text);
    if (!type) refuse(fmt::format("type \"{}\": use invoke, ok, fail or info", text));
    event.type = *type;
  } else if (name == "f") {
    note(Field::f, "f");
    text_of(value, "f", event.f);
    if (event.f.size() > 1 && event.f.front() == ':') event.f.erase(0, 1);  // a keyword of EDN
  } else if (name == "key") {
    note(Field::key, "key");
    key_of(value, event.key);
  } else if (name == "value") {
    note(Field::value, "value");
    event.value = value_of(value, 0);
  } else if (name == "error") {
    const Value error = value_of(value, 0);
    event.error = error.is_nil() ? std::string() : text_or_json(error);
  } else if (const auto unit = unit_of_event_time(name)) {
    if (!has(Field::time)) parse_time(value, *unit, event);
  } else {
    parse_answer_field(name, value, event);
  }
}

void EventParser::parse_answer_field(std::string_view name, Json value, Event& event) {
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

void EventParser::parse_fields(simdjson::ondemand::object object, Event& event) {
  for (auto field : object) {
    const std::string_view name = field.unescaped_key();
    parse_field(names_.renames_fields() ? names_.field(name) : name, field.value(), event);
  }
}

void EventParser::parse(std::string_view line, Event& event) {
  line_ = line;
  seen_ = 0;
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
  if (!has(Field::type)) throw LineError{"the field \"type\" is missing", 0};
  if (!has(Field::f)) {
    // Elle's own files leave it out.
    if (event.value.list() == nullptr || !is_transaction(event.value)) {
      throw LineError{has(Field::process) ? "the field \"f\" is missing"
                                          : "the fields \"process\" and \"f\" are missing",
                      0};
    }
    event.f = "txn";
  }
  if (!has(Field::process)) event.process = unnamed_process(event.type);
  if (event.type == EventType::info) processes_.retire(event.process);
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

Value parse_json_object(std::string_view text, const Place& place) {
  thread_local Naming naming;
  thread_local EventParser parser(naming);
  try {
    auto value = parser.parse_value(text);
    auto* members = value.edit_object();
    const auto twice = members == nullptr ? canonicalize(value) : canonicalize_members(*members);
    if (!twice.empty()) {
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
    Naming naming;
    EventParser parser(naming);
    parser.parse(std::string_view(padded.data(), line.size()), event);
    if (naming.processes.are_unnamed()) throw LineError{"the field \"process\" is missing", 0};
  } catch (const LineError& error) {
    throw InputError({file, line_number, error.column}, error.message);
  }
  return event;
}

}  // namespace sunder::history
