#include "checker/history/plain_line.h"

namespace sunder::history {

namespace {

/// A number of this many digits always fits into 64 bits.
constexpr int max_digits = 18;

class PlainLine {
 public:
  explicit PlainLine(std::string_view line) : at_(line.data()), end_(at_ + line.size()) {}

  bool at_end() const { return at_ == end_; }

  bool skip(std::string_view expected) {
    if (static_cast<std::size_t>(end_ - at_) < expected.size()) return false;
    if (std::string_view(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool integer(std::int64_t& number) {
    const bool negative = at_ != end_ && *at_ == '-';
    const char* digits = at_ + (negative ? 1 : 0);
    const char* at = digits;
    std::int64_t value = 0;
    while (at != end_ && *at >= '0' && *at <= '9' && at - digits < max_digits) {
      value = value * 10 + (*at++ - '0');
    }
    const bool leading_zero = at - digits > 1 && *digits == '0';
    if (at == digits || leading_zero || (at != end_ && is_part_of_number(*at))) return false;
    at_ = at;
    number = negative ? -value : value;
    return true;
  }

  /// A string's characters, behind its opening quote, with the closing one.
  bool text(std::string_view& characters) {
    const char* begin = at_;
    while (at_ != end_ && *at_ != '"') {
      const auto c = static_cast<unsigned char>(*at_);
      if (c < 0x20 || c >= 0x80 || c == '\\') return false;
      ++at_;
    }
    if (at_ == end_) return false;
    characters = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  bool simple_value(Value& value) {
    if (skip("null")) {
      value.data = std::monostate{};
      return true;
    }
    if (skip("\"")) {
      std::string_view characters;
      if (!text(characters)) return false;
      value = Value(characters);
      return true;
    }
    std::int64_t number = 0;
    if (!integer(number)) return false;
    value.data = number;
    return true;
  }

  bool value(Value& value) {
    if (!skip("[")) return simple_value(value);
    List list;
    list.reserve(2);
    do {
      if (!simple_value(list.emplace_back())) return false;
    } while (skip(","));
    value = Value(std::move(list));
    return skip("]");
  }

 private:
  static bool is_part_of_number(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E';
  }

  const char* at_;
  const char* end_;
};

bool parse_type(PlainLine& line, EventType& type) {
  for (const auto each : {EventType::invoke, EventType::ok, EventType::fail, EventType::info}) {
    if (!line.skip(name_of(each))) continue;
    type = each;
    return true;
  }
  return false;
}

/// The fields behind the value in the order in which append_json_line writes them, and the end.
bool parse_answer(PlainLine& line, Event& event) {
  if (event.type == EventType::invoke) return false;
  Answer answer;
  std::string_view text;
  std::int64_t number = 0;
  if (line.skip(",\"node\":\"")) {
    if (!line.text(text)) return false;
    answer.node.assign(text);
  }
  if (line.skip(",\"found\":") && !line.value(answer.found.emplace())) return false;
  if (line.skip(",\"revision\":")) {
    if (!line.integer(number)) return false;
    answer.revision = number;
  }
  if (line.skip(",\"term\":")) {
    if (!line.integer(number)) return false;
    answer.term = number;
  }
  if (line.skip(",\"command\":\"")) {
    if (!line.text(text) || !(answer.command = command_digest(text))) return false;
  }
  if (line.skip(",\"error\":\"")) {
    if (!line.text(text)) return false;
    event.error.assign(text);
  }
  if (answer != Answer()) event.answer = std::move(answer);
  return line.skip("}");
}

}  // namespace

bool parse_plain_line(std::string_view text, Event& event) {
  PlainLine line(text);
  std::int64_t time = 0;
  std::int64_t process = 0;
  std::string_view f;
  std::string_view key;
  if (!line.skip("{\"index\":") || !line.integer(event.index) || !line.skip(",\"time\":") ||
      !line.integer(time) || !line.skip(",\"process\":") || !line.integer(process) || process < 0 ||
      !line.skip(",\"type\":\"") || !parse_type(line, event.type) || !line.skip("\",\"f\":\"") ||
      !line.text(f) || f.starts_with(':')) {
    return false;
  }
  if (line.skip(",\"key\":\"") && (!line.text(key) || looks_like_another_kind(key))) return false;
  if (!line.skip(",\"value\":") || !line.value(event.value)) return false;
  event.answer.reset();
  event.error.clear();
  if (!line.skip("}") && !parse_answer(line, event)) return false;
  if (!line.at_end()) return false;
  event.time = Time{time};
  event.has_time = true;
  event.process = ProcessId{process};
  event.f.assign(f);
  event.key.assign(key);
  return true;
}

}  // namespace sunder::history
