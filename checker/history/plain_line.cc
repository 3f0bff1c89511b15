#include "checker/history/plain_line.h"

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

bool parse_value(PlainText& text, Value& value) {
  if (!text.skip("[")) return parse_simple_value(text, value);
  List list;
  list.reserve(2);
  do {
    if (!parse_simple_value(text, list.emplace_back())) return false;
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

}  // namespace

bool parse_plain_head(PlainText& text, PlainHead& head) {
  return text.skip("{\"index\":") && text.integer(head.index) && text.skip(",\"time\":") &&
         text.integer(head.time) && text.skip(",\"process\":") && text.integer(head.process) &&
         head.process >= 0 && text.skip(",\"type\":\"") && parse_type(text, head.type);
}

bool parse_plain_line(std::string_view line, Event& event) {
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

}  // namespace sunder::history
