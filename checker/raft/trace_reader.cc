#include "checker/raft/trace_reader.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/line_reader.h"

namespace sunder::checker::raft {

namespace {

/// One passage through a file.
class TraceReading {
 public:
  explicit TraceReading(const RecordSink& sink) : sink_(sink) {}

  void read(history::LineReader& lines) {
    while (const auto line = lines.next()) {
      if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const auto digest = sealer_.add(*line);
      try {
        take(trace::parse_json_line(*line), lines.line_number(), digest);
      } catch (const std::invalid_argument& error) {
        report_.garbled.push_back(
            {lines.line_number(), error.what(), report_.last, std::nullopt, false});
      }
    }
    const bool ends_garbled =
        !report_.garbled.empty() && report_.garbled.back().number == lines.line_number();
    if (ends_garbled) report_.garbled.back().is_torn_end = lines.is_unterminated();
    report_.seal = sealer_.seal();
  }

  TraceReport report() && { return std::move(report_); }

 private:
  void take(const trace::Record& record, std::int64_t line, std::uint64_t digest) {
    note_order(record, line, digest);
    const bool follows_garbled =
        !report_.garbled.empty() && report_.garbled.back().number > last_line_;
    if (follows_garbled && std::holds_alternative<trace::Started>(record.event)) {
      report_.garbled.back().restarted = record.time;
    }
    last_line_ = line;
    report_.last = std::max(report_.last, record.time);
    ++report_.records;
    sink_(record);
  }

  void note_order(const trace::Record& record, std::int64_t line, std::uint64_t digest) {
    if (record.time != last_time_) of_this_time_.clear();
    const bool is_repeated =
        std::find(of_this_time_.begin(), of_this_time_.end(), digest) != of_this_time_.end();
    if (record.time < last_time_ && !report_.disorder) {
      report_.disorder = fmt::format("line {} is earlier than the record before it", line);
    } else if (is_repeated && !report_.disorder) {
      report_.disorder = fmt::format("line {} repeats a record", line);
    }
    of_this_time_.push_back(digest);
    last_time_ = record.time;
  }

  const RecordSink& sink_;
  history::Sealer sealer_;
  TraceReport report_;
  std::int64_t last_line_ = 0;
  history::Time last_time_{-1};
  /// The digests of the records with the last record's time.
  std::vector<std::uint64_t> of_this_time_;
};

}  // namespace

TraceReport read_trace(const std::filesystem::path& path, const RecordSink& sink) {
  TraceReport report;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    report.unreadable = "is missing";
  } else if (!std::filesystem::is_regular_file(status)) {
    report.unreadable = "is not a file";
  }
  if (report.unreadable) return report;
  TraceReading reading(sink);
  try {
    history::LineReader lines(path);
    reading.read(lines);
  } catch (const history::InputError& unreadable) {
    const std::string_view sentence = unreadable.what();
    report.unreadable = sentence.substr(to_string(unreadable.place()).size() + 2);
    return report;
  }
  return std::move(reading).report();
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
