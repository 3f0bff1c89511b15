#include "checker/history/read.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include "checker/history/jepsen.h"
#include "checker/history/line_reader.h"
#include "checker/invariant.h"

namespace sunder::history {

namespace {

/// Reserves memory for as many operations as the file can have, so that none is moved. Reserved
/// memory that is not used costs nothing.
std::size_t operations_at_most(const std::filesystem::path& path) {
  constexpr std::size_t least_bytes = std::size_t{2} * 60;  // an invocation and a completion
  constexpr std::size_t limit = 8'000'000;
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return ignored ? 0 : std::min<std::size_t>(size / least_bytes + 1, limit);
}

bool is_of_jepsen(Format format) {
  return format == Format::edn || format == Format::jepsen_log;
}

/// The first `count` characters that are no blanks, of any lines.
std::string first_signs(const std::filesystem::path& path, std::size_t count) {
  LineReader lines(path);
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

History build(const std::filesystem::path& path, Format format, checker::Budget& budget) {
  OperationBuilder builder(path.string());
  builder.reserve(operations_at_most(path));
  auto warnings = read_events(path, format, [&](Event& event, std::int64_t line) {
    budget.spend(heap_bytes_of(event.value));
    builder.add(event, line);
  });
  auto history = builder.finish(std::move(warnings));
  history.nil_reads_are_unknown = is_of_jepsen(format);
  return history;
}

History build_by_time(const std::filesystem::path& path, Format format, checker::Budget& budget) {
  std::vector<LinedEvent> events;
  auto warnings = read_events(path, format, [&](Event& event, std::int64_t line) {
    budget.spend(sizeof(LinedEvent) + heap_bytes_of(event.value));
    events.emplace_back(event, line);
  });
  sort_by_time(events);
  OperationBuilder builder(path.string());
  for (auto& [event, line] : events) builder.add(event, line);
  auto history = builder.finish(std::move(warnings));
  history.nil_reads_are_unknown = is_of_jepsen(format);
  history.assumptions.emplace_back("the events happened in the order of their times");
  return history;
}

}  // namespace

Format format_of(const std::filesystem::path& path) {
  constexpr std::int64_t lines_of_a_log = 1000;  // it may begin with much that is no operation
  const auto signs = first_signs(path, 3);
  LineReader lines(path);
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

std::vector<std::string> read_events(const std::filesystem::path& path, Format format,
                                     const EventSink& sink) {
  switch (format) {
    case Format::json_lines:
      return read_json_lines(path, sink);
    case Format::json_text:
      return read_json_text(path, sink);
    case Format::edn:
      return read_edn(path, sink);
    case Format::jepsen_log:
      return read_jepsen_log(path, sink);
  }
  CHECK(false, "format {}", static_cast<int>(format));
}

History read_history(const std::filesystem::path& path, Format format, checker::Budget& budget) {
  auto history = build(path, format, budget);
  if (is_of_jepsen(format)) take_keys(history, Keys::automatic);
  return history;
}

History read_history(const std::filesystem::path& path, checker::Budget& budget) {
  return read_history(path, format_of(path), budget);
}

History read_history(const std::filesystem::path& path, Format format) {
  checker::Budget budget;
  return read_history(path, format, budget);
}

History read_history(const std::filesystem::path& path) {
  return read_history(path, format_of(path));
}

History read_foreign_history(const std::filesystem::path& path,
                             const Interpretation& interpretation, checker::Budget& budget) {
  const auto format = format_of(path);
  auto history = interpretation.order == EventOrder::time ? build_by_time(path, format, budget)
                                                          : build(path, format, budget);
  if (interpretation.order == EventOrder::checked) require_one_order(history);
  take_keys(history, interpretation.keys);
  rename_operations(history, interpretation.names);
  normalize_transactions(history);
  return history;
}

}  // namespace sunder::history
