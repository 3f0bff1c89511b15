#include "checker/history/jepsen.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "checker/history/edn_value.h"
#include "checker/history/input_error.h"
#include "checker/history/line_reader.h"
#include "checker/history/spelling.h"

namespace sunder::history {

namespace {

/// Limit for an operation, which may have several lines.
constexpr std::size_t max_operation_bytes = std::size_t{64} << 20;

std::string text_of(const Value* value) {
  if (value == nullptr || value->is_nil()) return {};
  return value->text() != nullptr ? *value->text() : to_json(*value);
}

std::optional<ProcessId> process_in(const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->integer() != nullptr && *value->integer() >= 0) return ProcessId{*value->integer()};
  const bool is_nemesis = value->text() != nullptr && value->text()->starts_with("nemesis");
  return is_nemesis ? std::optional(ProcessId::nemesis) : std::nullopt;
}

/// Throws EdnError.
Event event_from(const Value& value, std::size_t at) {
  const auto refuse = [at](std::string message) { throw EdnError{std::move(message), at, false}; };
  if (value.object() == nullptr) refuse("an operation is a map {:process 0, :type :invoke, ...}");
  if (value.member("valid?") != nullptr) {
    refuse("this is what Jepsen's checkers found, no history: name the history.edn beside it");
  }
  Event event;
  const auto process = process_in(value.member("process"));
  if (!process)
    refuse(
        ":process must be a number from 0 on, or :nemesis. If the clients have names, number them");
  event.process = *process;
  const auto type = event_type_named(text_of(value.member("type")));
  if (!type) refuse(":type must be :invoke, :ok, :fail or :info");
  event.type = *type;
  event.f = text_of(value.member("f"));
  if (const auto* asked = value.member("value")) event.value = *asked;
  if (event.f.empty() && event.value.list() != nullptr && is_transaction(event.value)) {
    event.f = "txn";  // Elle's own files leave it out
  }
  if (event.f.empty()) refuse(":f is missing");
  const auto* time = value.integer("time");
  event.has_time = time != nullptr;
  if (time != nullptr) event.time = Time{*time};
  if (const auto* index = value.integer("index")) event.index = *index;
  event.error = text_of(value.member("error"));
  const auto* found = value.member("found");
  if (found != nullptr && event.type == EventType::fail)
    event.answer = Answer{{}, *found, {}, {}, {}};
  return event;
}

/// Collects lines until they are whole operations.
class EdnFile {
 public:
  EdnFile(LineReader& lines, const EventSink& sink) : lines_(lines), sink_(sink) {}

  std::vector<std::string> read() {
    while (const auto line = lines_.next()) {
      if (pending_.empty()) first_line_ = lines_.line_number();
      pending_ += *line;
      pending_ += '\n';
      if (pending_.size() > retry_at_) parse_pending();
    }
    retry_at_ = 0;
    if (!parse_pending()) warn_about_end();
    return std::move(warnings_);
  }

 private:
  /// False if the rest is only the beginning of an operation.
  bool parse_pending() {
    EdnReader reader(pending_);
    std::size_t done = 0;
    try {
      while (!reader.at_end()) {
        if (closing_ == 0 && reader.skip('[')) closing_ = ']';
        if (closing_ == 0 && reader.skip('(')) closing_ = ')';
        if (closing_ != 0 && reader.skip(closing_)) closing_ = 0;
        done = reader.at();
        if (reader.at_end()) break;
        const auto begin = reader.at();
        keep(event_from(reader.next(), begin), begin);
        done = reader.at();
      }
      pending_.clear();
      retry_at_ = 0;
      return true;
    } catch (const EdnError& error) {
      if (!error.is_cut_off || pending_.size() > max_operation_bytes) throw place(error);
      first_line_ += std::count(pending_.begin(), pending_.begin() + static_cast<long>(done), '\n');
      pending_.erase(0, done);
      // Twice as much before the next attempt, or a map of many lines would be parsed again with
      // each line.
      retry_at_ = 2 * pending_.size();
      return false;
    }
  }

  void keep(Event event, std::size_t at) {
    ++count_;
    sink_(event, line_at(at));
  }

  std::int64_t line_at(std::size_t at) const {
    const auto end = pending_.begin() + static_cast<long>(std::min(at, pending_.size()));
    return first_line_ + std::count(pending_.begin(), end, '\n');
  }

  InputError place(const EdnError& error) const {
    const auto before = std::string_view(pending_).substr(0, error.at);
    const auto newline = before.rfind('\n');
    const auto column = newline == std::string_view::npos ? error.at : error.at - newline - 1;
    return {{lines_.file(), line_at(error.at), static_cast<std::int64_t>(column) + 1},
            error.message};
  }

  void warn_about_end() {
    const bool is_map = pending_.find('{') != std::string::npos;
    if (count_ == 0 || !is_map) {
      throw InputError({lines_.file(), first_line_, 1}, "the text ends in the middle of a value");
    }
    warnings_.push_back(fmt::format("{}:{}: the last operation was cut off and is ignored",
                                    lines_.file(), first_line_));
  }

  LineReader& lines_;
  const EventSink& sink_;
  std::string pending_;
  /// The line on which `pending_` begins.
  std::int64_t first_line_ = 1;
  /// Fewer bytes than this are not a whole operation.
  std::size_t retry_at_ = 0;
  /// Ends the vector or list of operations. 0 outside of one.
  char closing_ = 0;
  std::int64_t count_ = 0;
  std::vector<std::string> warnings_;
};

/// The words before an operation's value. Whatever stands in front of the process is skipped:
///   INFO  jepsen.util - 0 :invoke :read nil
///   2024-03-05 10:11:12,345{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:invoke\t:read\tnil
struct LogLine {
  ProcessId process;
  EventType type;
  std::string_view f;
  /// Where the value begins.
  std::size_t value_at;
};

std::optional<ProcessId> process_named(std::string_view word) {
  std::int64_t number = 0;
  const char* end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  if (read.ptr == end && read.ec == std::errc() && number >= 0) return ProcessId{number};
  // In EDN ":type :invoke" is no operation of a process that is called "type".
  const bool is_name = word.size() > 1 && word.front() == ':' && word != ":type";
  return is_name || word == "nemesis" ? std::optional(ProcessId::nemesis) : std::nullopt;
}

std::optional<EventType> type_named(std::string_view word) {
  return word.starts_with(':') ? event_type_named(word.substr(1)) : std::nullopt;
}

/// Nothing if the line tells of no operation: a process, a type and a function one after the other.
std::optional<LogLine> split_log_line(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  std::optional<ProcessId> process;  // the last word, if it can be one
  std::optional<EventType> type;     // the last word, if a process stands before it
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const auto end = std::min(line.find_first_of(blanks, at), line.size());
    const auto word = line.substr(at, end - at);
    if (type && word.size() > 1 && word.front() == ':') {
      return LogLine{*process, *type, word.substr(1), end};
    }
    type = process ? type_named(word) : std::nullopt;
    if (!type) process = process_named(word);
    at = line.find_first_not_of(blanks, end);
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
    if (reader.at_end()) return text_of(&value);
  } catch (const EdnError&) {
  }
  return std::string(rest);
}

}  // namespace

std::vector<std::string> read_edn(LineReader& lines, const EventSink& sink) {
  return EdnFile(lines, sink).read();
}

bool is_jepsen_log_operation(std::string_view line) {
  return split_log_line(line).has_value();
}

std::vector<std::string> read_jepsen_log(LineReader& lines, const EventSink& sink) {
  std::vector<std::string> warnings;
  std::int64_t index = 0;
  while (const auto line = lines.next()) {
    const auto parts = split_log_line(*line);
    if (!parts) continue;
    EdnReader reader(line->substr(parts->value_at));
    Event event;
    event.index = index++;
    event.has_time = false;
    event.process = parts->process;
    event.type = parts->type;
    event.f = parts->f;
    try {
      if (!reader.at_end()) event.value = reader.next();
      event.error = error_text(line->substr(parts->value_at + reader.at()));
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
    sink(event, lines.line_number());
  }
  return warnings;
}

}  // namespace sunder::history
