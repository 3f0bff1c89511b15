#include "checker/history/plain_line.h"

#include <string>
#include <utility>

namespace sunder::history {

namespace {

bool parse_type(PlainText& text, EventType& type) {
  switch (text.next()) {
    case 'i':
      type = text.skip("invoke\"") ? EventType::invoke : EventType::info;
      return type == EventType::invoke || text.skip("info\"");
    case 'o':
      type = EventType::ok;
      return text.skip("ok\"");
    default:
      type = EventType::fail;
      return text.skip("fail\"");
  }
}

/// Most values are of the kind that the event had before.
void put_number(Value& value, std::int64_t number) {
  if (auto* own = std::get_if<std::int64_t>(&value.data)) {
    *own = number;
  } else {
    value.data = number;
  }
}

bool parse_simple_value(PlainText& text, Value& value) {
  if (text.next() == 'n') {
    if (!value.is_nil()) value.data = std::monostate{};
    return text.skip("null");
  }
  if (text.skip("\"")) {
    std::string_view characters;
    if (!text.string(characters)) return false;
    value = Value(characters);
    return true;
  }
  std::int64_t number = 0;
  if (!text.integer(number)) return false;
  put_number(value, number);
  return true;
}

void skip_blanks(PlainText& text) {
  while (text.next() == ' ' || text.next() == '\t' || text.next() == '\r') {
    text.go_to(text.at() + 1);
  }
}

bool parse_value(PlainText& text, Value& value) {
  if (!text.skip("[")) return parse_simple_value(text, value);
  List list;
  list.reserve(2);
  do {
    skip_blanks(text);
    if (!parse_simple_value(text, list.emplace_back())) return false;
    skip_blanks(text);
  } while (text.skip(","));
  value = Value(std::move(list));
  return text.skip("]");
}

/// The fields behind the value in the order in which append_json_line writes them, and the end.
bool parse_answer(PlainText& text, Event& event) {
  if (event.type == EventType::invoke) return false;
  Answer answer;
  std::string_view characters;
  std::int64_t number = 0;
  if (text.skip(",\"node\":\"")) {
    if (!text.string(characters)) return false;
    answer.node.assign(characters);
  }
  if (text.skip(",\"found\":") && !parse_value(text, answer.found.emplace())) return false;
  if (text.skip(",\"revision\":")) {
    if (!text.integer(number)) return false;
    answer.revision = number;
  }
  if (text.skip(",\"term\":")) {
    if (!text.integer(number)) return false;
    answer.term = number;
  }
  if (text.skip(",\"command\":\"")) {
    if (!text.string(characters) || !(answer.command = command_digest(characters))) return false;
  }
  if (text.skip(",\"error\":\"")) {
    if (!text.string(characters)) return false;
    event.error.assign(characters);
  }
  if (answer != Answer()) event.answer = std::move(answer);
  return text.skip("}");
}

/// The members that a line has so far.
struct Members {
  bool index = false;
  bool time = false;
  bool process = false;
  bool type = false;
  bool f = false;
  bool key = false;
  bool value = false;
  bool error = false;
};

bool is_first(bool& has) {
  return !std::exchange(has, true);
}

bool parse_text(PlainText& text, std::string& member) {
  std::string_view characters;
  if (!text.skip("\"") || !text.string(characters)) return false;
  member.assign(characters);
  return true;
}

bool parse_member(PlainText& text, std::string_view name, Members& has, Event& event) {
  std::int64_t number = 0;
  if (name == "value") return is_first(has.value) && parse_value(text, event.value);
  if (name == "type") {
    return is_first(has.type) && text.skip("\"") && parse_type(text, event.type);
  }
  if (name == "f") {
    return is_first(has.f) && parse_text(text, event.f) && !event.f.starts_with(':');
  }
  if (name == "process") {
    if (!is_first(has.process) || !text.integer(number) || number < 0) return false;
    event.process = ProcessId{number};
    return true;
  }
  if (name == "time") {
    if (!is_first(has.time) || !text.integer(number)) return false;
    event.time = Time{number};
    return true;
  }
  if (name == "index") return is_first(has.index) && text.integer(event.index);
  if (name == "key") {
    return is_first(has.key) && parse_text(text, event.key) && !looks_like_another_kind(event.key);
  }
  return name == "error" && is_first(has.error) && parse_text(text, event.error);
}

/// With the members of an event in any order, and blanks between them, as other programs write.
bool parse_loose_line(std::string_view line, Event& event) {
  PlainText text(line.data());
  Members has;
  event.time = Time{0};
  event.key.clear();
  event.error.clear();
  event.answer.reset();
  event.value.data = std::monostate{};
  if (!text.skip("{")) return false;
  do {
    skip_blanks(text);
    std::string_view name;
    if (!text.skip("\"") || !text.string(name)) return false;
    skip_blanks(text);
    if (!text.skip(":")) return false;
    skip_blanks(text);
    if (!parse_member(text, name, has, event)) return false;
    skip_blanks(text);
  } while (text.skip(","));
  if (!text.skip("}")) return false;
  skip_blanks(text);
  event.has_time = has.time;
  return has.process && has.type && has.f && text.at() == line.data() + line.size();
}

/// As append_json_line() writes it.
bool parse_own_line(std::string_view line, Event& event) {
  PlainText text(line.data());
  PlainHead head;
  std::string_view f;
  std::string_view key;
  if (!parse_plain_head(text, head) || !text.skip(",\"f\":\"") || !text.string(f) ||
      f.starts_with(':')) {
    return false;
  }
  if (text.skip(",\"key\":\"") && (!text.string(key) || looks_like_another_kind(key))) return false;
  if (!text.skip(",\"value\":") || !parse_value(text, event.value)) return false;
  event.type = head.type;
  event.answer.reset();
  event.error.clear();
  if (!text.skip("}") && !parse_answer(text, event)) return false;
  if (text.at() != line.data() + line.size()) return false;
  event.index = head.index;
  event.time = Time{head.time};
  event.has_time = true;
  event.process = ProcessId{head.process};
  event.f.assign(f);
  event.key.assign(key);
  return true;
}

}  // namespace

bool parse_plain_head(PlainText& text, PlainHead& head) {
  return text.skip("{\"index\":") && text.integer(head.index) && text.skip(",\"time\":") &&
         text.integer(head.time) && text.skip(",\"process\":") && text.integer(head.process) &&
         head.process >= 0 && text.skip(",\"type\":\"") && parse_type(text, head.type);
}

bool parse_plain_line(std::string_view line, Event& event) {
  const std::int64_t index = event.index;
  if (parse_own_line(line, event)) return true;
  event.index = index;
  return parse_loose_line(line, event);
}

}  // namespace sunder::history
