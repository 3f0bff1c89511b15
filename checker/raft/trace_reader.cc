#include "checker/raft/trace_reader.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/line_reader.h"

namespace sunder::checker::raft {

namespace {

/// An unreadable line, until it is known whether a kill explains it.
struct Unreadable {
  std::int64_t line;
  std::string why;
};

}  // namespace

std::vector<std::string> read_trace(const std::filesystem::path& path, const RecordSink& sink) {
  std::vector<std::string> warnings;
  history::LineReader lines(path);
  std::optional<Unreadable> unreadable;
  const auto forgive = [&] {
    warnings.push_back(
        fmt::format("{}:{}: the line was cut off and is ignored", lines.file(), unreadable->line));
    unreadable.reset();
  };
  while (const auto line = lines.next()) {
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      const auto record = trace::parse_json_line(*line);
      if (unreadable && std::holds_alternative<trace::Started>(record.event)) forgive();
      if (unreadable) break;
      sink(record);
    } catch (const std::invalid_argument& error) {
      if (unreadable) break;
      unreadable = Unreadable{lines.line_number(), error.what()};
    }
  }
  if (unreadable && unreadable->line == lines.line_number() && lines.is_unterminated()) forgive();
  if (unreadable) {
    throw history::InputError({lines.file(), unreadable->line},
                              "no trace record: " + unreadable->why);
  }
  return warnings;
}

std::vector<trace::Record> read_traces_by_time(const std::filesystem::path& folder) {
  std::vector<trace::Record> records;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    read_trace(entry.path(),
               [&records](const trace::Record& record) { records.push_back(record); });
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& left, const auto& right) { return left.time < right.time; });
  return records;
}

}  // namespace sunder::checker::raft
