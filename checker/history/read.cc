#include "checker/history/read.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "checker/history/jepsen.h"
#include "checker/history/merge.h"
#include "checker/history/read_ahead.h"
#include "checker/history/records.h"
#include "checker/invariant.h"

namespace sunder::history {

namespace {

/// Reserves memory for as many operations as the file can have, so that none is moved. Reserved
/// memory that is not used costs nothing.
std::size_t operations_at_most(std::int64_t text_bytes) {
  constexpr std::size_t least_bytes = std::size_t{2} * 60;  // an invocation and a completion
  constexpr std::size_t limit = 8'000'000;
  return std::min<std::size_t>(static_cast<std::size_t>(text_bytes) / least_bytes + 1, limit);
}

bool is_of_jepsen(Format format) {
  return format == Format::edn || format == Format::jepsen_log;
}

std::vector<std::string> read_events_of(LineReader& lines, Format format, Naming& naming,
                                        const EventSink& sink) {
  switch (format) {
    case Format::json_lines:
      return read_json_lines(lines, sink, naming);
    case Format::json_text:
      return read_json_text(lines, sink, naming);
    case Format::edn:
      return read_edn(lines, sink, naming);
    case Format::jepsen_log:
      return read_jepsen_log(lines, sink, naming.processes);
  }
  CHECK(false, "format {}", static_cast<int>(format));
}

/// A text in the middle of which its packed data ends is as good as one that was cut off there.
void warn_about_packed_end(const LineReader& lines, std::vector<std::string>& warnings) {
  if (!lines.is_cut_off()) return;
  warnings.push_back(fmt::format(
      "{}: the packed data ends in the middle; what was behind it is missing", lines.file()));
}

std::vector<std::string> read_named_events(LineReader& lines, Format format, Naming& naming,
                                           const EventSink& sink) {
  lines.rewind();
  lines.stop_keeping();
  auto warnings = read_events_of(lines, format, naming, sink);
  warn_about_packed_end(lines, warnings);
  return warnings;
}

/// A thread costs as much as parsing some kilobytes. How much a pipe has is not known.
bool is_worth_a_thread(const LineReader& lines, unsigned threads) {
  constexpr std::int64_t small_file = 1 << 20;
  const bool is_small = lines.size_bytes() > 0 && lines.size_bytes() < small_file;
  return !is_small && (threads != 0 ? threads : std::thread::hardware_concurrency()) > 1;
}

History build(LineReader& lines, Format format, Naming& naming, unsigned threads,
              checker::Budget& budget) {
  OperationBuilder builder(lines.file());
  builder.reserve(operations_at_most(lines.size_bytes()));
  checker::Budget own_budget = budget;  // the parser's thread spends the other one
  const auto read = [&](const EventSink& sink) {
    return read_named_events(lines, format, naming, sink);
  };
  const auto add = [&](Event& event, std::int64_t line) {
    own_budget.spend(heap_bytes_of(event.value));
    builder.add(event, line);
  };
  auto warnings = is_worth_a_thread(lines, threads) ? read_ahead(read, add) : read(add);
  auto history = builder.finish(std::move(warnings));
  history.nil_reads_are_unknown = is_of_jepsen(format);
  history.clients_are_known = !naming.processes.are_unnamed();
  return history;
}

/// A history that nobody has to interpret.
History read_own(LineReader& lines, Format format, checker::Budget& budget) {
  Naming naming;
  constexpr unsigned threads = 0;
  auto history = build(lines, format, naming, threads, budget);
  if (is_of_jepsen(format)) take_keys(history, Keys::automatic);
  return history;
}

bool is_json(Format format) {
  return format == Format::json_lines || format == Format::json_text;
}

FileEvents events_of(LineReader& lines, Format format, Naming& naming, checker::Budget& budget) {
  FileEvents file{lines.file(), {}, {}, is_of_jepsen(format), {}, true};
  file.warnings = read_named_events(lines, format, naming, [&](Event& event, std::int64_t line) {
    budget.spend(sizeof(LinedEvent) + heap_bytes_of(event.value));
    file.events.emplace_back(event, line);
  });
  file.clients_are_known = !naming.processes.are_unnamed();
  return file;
}

/// A log has no names of fields, and Jepsen's outcomes.
void refuse_names_of_fields(const LineReader& lines, const Vocabulary& names) {
  if (names.fields.empty() && names.types.empty()) return;
  throw InputError({lines.file()},
                   "--map names fields or outcomes: only histories in JSON or EDN have other ones");
}

History build_from(const HistorySource& source, Naming& naming, EventOrder order, unsigned threads,
                   checker::Budget& budget) {
  const bool is_alone = source.files.size() == 1;
  std::vector<FileEvents> files;
  for (const auto& path : source.files) {
    LineReader lines(path, budget);
    const auto format = format_of(lines);
    if (is_json(format) && holds_records(lines, naming.names.fields)) {
      if (is_alone) return read_record_history(lines, naming.names, budget);
      files.push_back(read_records(lines, naming.names, budget));
      continue;
    }
    if (format == Format::jepsen_log) refuse_names_of_fields(lines, naming.names);
    if (is_alone && order != EventOrder::time) {
      auto history = build(lines, format, naming, threads, budget);
      if (order == EventOrder::checked) require_one_order(history);
      return history;
    }
    files.push_back(events_of(lines, format, naming, budget));
  }
  return merge_by_time(std::move(files), order, budget);
}

}  // namespace

std::vector<std::string> read_events(LineReader& lines, Format format, const EventSink& sink) {
  Naming naming;
  return read_named_events(lines, format, naming, sink);
}

std::vector<std::string> read_events(const std::filesystem::path& path, Format format,
                                     const EventSink& sink) {
  checker::Budget budget;
  LineReader lines(path, budget);
  return read_events(lines, format, sink);
}

History read_history(const std::filesystem::path& path, Format format, checker::Budget& budget) {
  LineReader lines(path, budget);
  return read_own(lines, format, budget);
}

History read_history(const std::filesystem::path& path, checker::Budget& budget) {
  LineReader lines(path, budget);
  return read_own(lines, format_of(lines), budget);
}

History read_history(const std::filesystem::path& path, Format format) {
  checker::Budget budget;
  return read_history(path, format, budget);
}

History read_history(const std::filesystem::path& path) {
  checker::Budget budget;
  return read_history(path, budget);
}

History read_foreign_history(const HistorySource& source, const Interpretation& interpretation,
                             checker::Budget& budget) {
  Naming naming{interpretation.names, {}};
  auto history = build_from(source, naming, interpretation.order, interpretation.threads, budget);
  history.assumptions.insert(history.assumptions.begin(), source.notes.begin(), source.notes.end());
  for (auto& assumption : naming.processes.assumptions()) {
    history.assumptions.push_back(std::move(assumption));
  }
  take_keys(history, interpretation.keys);
  rename_operations(history, interpretation.names.operations, !interpretation.keeps_names);
  if (!interpretation.keeps_names) normalize_transactions(history);
  return history;
}

}  // namespace sunder::history
