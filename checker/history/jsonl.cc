#include "checker/history/jsonl.h"

#include <fmt/format.h>

#include "checker/history/json_event.h"
#include "checker/history/json_objects.h"
#include "checker/history/plain_line.h"

namespace sunder::history {

namespace {

void append_integer(std::string& out, std::int64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
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

bool is_blank(std::string_view line) {
  return !line.starts_with('{') && line.find_first_not_of(" \t\r") == std::string_view::npos;
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

std::vector<std::string> read_json_text(LineReader& lines, const EventSink& sink, Naming& naming) {
  EventParser parser(naming);
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

std::vector<std::string> read_json_lines(LineReader& lines, const EventSink& sink, Naming& naming) {
  const bool has_usual_names = naming.names.fields.empty() && naming.names.types.empty();
  std::vector<std::string> warnings;
  EventParser parser(naming);
  Event event;
  std::int64_t index = 0;
  while (const auto line = lines.next()) {
    if (is_blank(*line)) continue;
    event.index = index;
    try {
      const bool may_be_plain = has_usual_names && !lines.is_unterminated() &&
                                !naming.processes.has_names() && !naming.processes.are_unnamed();
      if (may_be_plain && parse_plain_line(*line, event)) {
        naming.processes.note_number();
      } else {
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

}  // namespace sunder::history
