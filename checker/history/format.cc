#include "checker/history/format.h"

#include <optional>
#include <string>
#include <string_view>

#include "checker/history/input_error.h"
#include "checker/history/jepsen.h"

namespace sunder::history {

namespace {

/// The first `count` characters that are no blanks, of any lines.
std::string first_signs(LineReader& lines, std::size_t count) {
  std::string signs;
  while (const auto line = lines.next()) {
    for (const char c : *line) {
      if (std::string_view(" \t\r").find(c) == std::string_view::npos) signs += c;
      if (signs.size() == count) return signs;
    }
  }
  return signs;
}

/// Of text that begins with a line that is not blank. `is_last` is of a line without a newline.
std::optional<Format> format_of_line(std::string_view line, std::string_view signs, bool is_last) {
  if (signs.starts_with("[{\"")) return Format::json_text;
  if (signs.starts_with("{\"")) {
    const auto end = line.find_last_not_of(" \t\r");
    return line[end] == '}' || is_last ? Format::json_lines : Format::json_text;
  }
  if (is_jepsen_log_operation(line)) return Format::jepsen_log;
  return std::string_view("[({;#").find(line.front()) != std::string_view::npos
             ? std::optional(Format::edn)
             : std::nullopt;
}

/// Files that lie beside a history.
void refuse_other_files(LineReader& lines) {
  lines.rewind();
  const auto first = lines.next().value_or("");
  if (first.starts_with("JEPSEN")) {
    throw InputError({lines.file()},
                     "is Jepsen's binary file of a test: name the history.edn beside it, or, if "
                     "there is none, the jepsen.log");
  }
  lines.rewind();
}

Format format_from_first_line(LineReader& lines) {
  constexpr std::int64_t lines_of_a_log = 1000;  // it may begin with much that is no operation
  refuse_other_files(lines);
  const auto signs = first_signs(lines, 3);
  lines.rewind();
  bool is_empty = true;
  while (const auto line = lines.next()) {
    const auto first = line->find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    const auto format =
        format_of_line(line->substr(first), is_empty ? signs : "", lines.is_unterminated());
    if (format && (is_empty || *format == Format::jepsen_log)) return *format;
    is_empty = false;
    if (lines.line_number() > lines_of_a_log) break;
  }
  if (is_empty) return Format::json_lines;  // of which an empty file is a good one
  throw InputError({lines.file(), 1, 1},
                   "is no history: expected JSON, an EDN history or a Jepsen log");
}

}  // namespace

Format format_of(LineReader& lines) {
  const auto format = format_from_first_line(lines);
  lines.rewind();
  return format;
}

Format format_of(const std::filesystem::path& path) {
  checker::Budget budget;
  LineReader lines(path, budget);
  return format_of(lines);
}

}  // namespace sunder::history
