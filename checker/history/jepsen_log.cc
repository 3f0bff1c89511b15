#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "checker/history/edn_value.h"
#include "checker/history/input_error.h"
#include "checker/history/jepsen.h"
#include "checker/history/line_reader.h"

namespace sunder::history {

namespace {

/// The words before an operation's value. Whatever stands in front of the process is skipped:
///   INFO  jepsen.util - 0 :invoke :read nil
///   2024-03-05 10:11:12,345{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:invoke\t:read\tnil
struct LogLine {
  std::string_view process;
  EventType type;
  std::string_view f;
  /// Where the value begins.
  std::size_t value_at;
};

bool is_log_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// The words of a line, one after the other.
class LogWords {
 public:
  explicit LogWords(std::string_view line) : line_(line) {}

  /// Empty at the end.
  std::string_view next() {
    while (end_ < line_.size() && is_log_blank(line_[end_])) ++end_;
    begin_ = end_;
    while (end_ < line_.size() && !is_log_blank(line_[end_])) ++end_;
    return line_.substr(begin_, end_ - begin_);
  }
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }

 private:
  std::string_view line_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// A word of a prefix, behind which an operation may begin: "jepsen.util:", "-".
bool ends_prefix(std::string_view word) {
  return word.empty() || word == "-" || word.back() == ':';
}

bool is_number(std::string_view word) {
  return word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether the word names a process. Only where a prefix ends, or behind a tab, a word without a
/// colon is a name. In EDN ":type :invoke" is no operation of a process that is called "type".
bool names_process(std::string_view word, bool begins_operation) {
  if (word.empty()) return false;
  if (word.front() == ':') return word.size() > 1 && word != ":type";
  if (is_number(word) || word == "nemesis") return true;
  return begins_operation && word.find_first_of("{}()[]\"',;=") == std::string_view::npos;
}

std::optional<EventType> type_named(std::string_view word) {
  return word.starts_with(':') ? event_type_named(word.substr(1)) : std::nullopt;
}

/// Nothing if the line tells of no operation: a process, a type and a function one after the other.
std::optional<LogLine> split_log_line(std::string_view line) {
  LogWords words(line);
  std::string_view before;
  std::string_view process;
  bool begins_operation = false;  // `process` does, if it is one
  for (auto word = words.next(); !word.empty(); word = words.next()) {
    const auto type = type_named(word);
    if (type && names_process(process, begins_operation)) {
      auto rest = words;
      const auto f = rest.next();
      if (f.size() > 1 && f.front() == ':') return LogLine{process, *type, f.substr(1), rest.end()};
    }
    before = process;
    process = word;
    begins_operation =
        ends_prefix(before) || (words.begin() > 0 && line[words.begin() - 1] == '\t');
  }
  return std::nullopt;
}

/// What stands behind the value. It is for people, and may be anything.
std::string error_text(std::string_view rest) {
  const auto first = rest.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  rest = rest.substr(first, rest.find_last_not_of(" \t\r") - first + 1);
  EdnReader reader(rest);
  try {
    const auto value = reader.next();
    if (reader.at_end()) return value.is_nil() ? std::string() : text_or_json(value);
  } catch (const EdnError&) {
  }
  return std::string(rest);
}

}  // namespace

bool is_jepsen_log_operation(std::string_view line) {
  return split_log_line(line).has_value();
}

std::vector<std::string> read_jepsen_log(LineReader& lines, const EventSink& sink,
                                         ProcessNames& processes) {
  std::vector<std::string> warnings;
  std::int64_t index = 0;
  while (const auto line = lines.next()) {
    const auto parts = split_log_line(*line);
    if (!parts) continue;
    EdnReader reader(line->substr(parts->value_at));
    Event event;
    event.index = index++;
    event.has_time = false;
    event.type = parts->type;
    event.f = parts->f;
    try {
      event.process = processes.named(parts->process);
      if (!reader.at_end()) event.value = reader.next();
      event.error = error_text(line->substr(parts->value_at + reader.at()));
    } catch (const ProcessError& error) {
      throw InputError({lines.file(), lines.line_number(), 1}, error.message);
    } catch (const EdnError& error) {
      if (error.is_cut_off && lines.is_unterminated()) {
        warnings.push_back(fmt::format("{}:{}: the last line was cut off and is ignored",
                                       lines.file(), lines.line_number()));
        break;
      }
      throw InputError({lines.file(), lines.line_number(),
                        static_cast<std::int64_t>(parts->value_at + error.at) + 1},
                       error.message);
    }
    if (event.type == EventType::info) processes.retire(event.process);
    sink(event, lines.line_number());
  }
  return warnings;
}

}  // namespace sunder::history
