#include "checker/history/records.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/json_objects.h"
#include "checker/history/jsonl.h"
#include "checker/history/record.h"
#include "checker/history/reserve.h"

namespace sunder::history {

namespace {

/// The times in nanoseconds. Returns what was assumed.
std::string scale_times(std::vector<Record>& records, const std::string& file) {
  const auto has_fraction = [](const Timestamp& time) {
    return time.unit == 0 && time.fraction != 0;
  };
  const bool in_seconds = std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return has_fraction(record.start) || (record.has_end && has_fraction(record.end));
  });
  const std::int64_t usual = in_seconds ? 1'000'000'000 : 1;
  bool assumes = false;
  for (auto& record : records) {
    const auto scaled = [&](const Timestamp& time) {
      assumes = assumes || time.unit == 0;
      const auto scaled_time = nanoseconds_in(time, usual);
      if (scaled_time) return *scaled_time;
      throw InputError({file, record.line},
                       "a time is too large: say its unit by the field's "
                       "name, such as --map start_ms=begin");
    };
    record.from = scaled(record.start);
    record.until = record.has_end ? scaled(record.end) : Time::max();
    if (record.until < record.from) {
      throw AssumptionBroken({file, record.line}, "the operation ends before it starts");
    }
  }
  if (!assumes) return {};
  return in_seconds ? "times are seconds, because some are fractions"
                    : "times are nanoseconds (a name such as start_ms says another unit)";
}

/// Go writes "" for a text that is not there, so a read of "" found nothing if nothing writes "".
void read_unset_texts_as_nil(std::vector<Record>& records, std::vector<std::string>& assumptions) {
  const Value unset("");
  const bool is_written = std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return record.argument == unset;
  });
  if (is_written) return;
  bool found = false;
  for (auto& record : records) {
    if (!record.has_output_object || record.answer != unset) continue;
    record.answer = Value();
    found = true;
  }
  if (found) assumptions.emplace_back("a read of \"\" found nothing, since nothing writes \"\"");
}

/// By their times. Records are large, so only their places are sorted, and each record is moved
/// once.
void sort_records(std::vector<Record>& records) {
  const auto key = [&](std::size_t at) {
    return std::tuple(records[at].from, records[at].until, at);
  };
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t left, std::size_t right) { return key(left) < key(right); });
  // Round each cycle of places: where a record belongs is free when its turn comes.
  for (std::size_t first = 0; first < order.size(); ++first) {
    if (order[first] == first) continue;
    Record kept = std::move(records[first]);
    auto free = first;
    while (order[free] != first) {
      records[free] = std::move(records[order[free]]);
      free = std::exchange(order[free], free);
    }
    records[free] = std::move(kept);
    order[free] = free;
  }
}

/// Reserved memory that is not used costs nothing.
std::size_t records_at_most(std::int64_t text_bytes) {
  constexpr std::int64_t bytes_of_a_short_record = 64;
  constexpr std::int64_t limit = 4'000'000;
  return static_cast<std::size_t>(std::min(text_bytes / bytes_of_a_short_record, limit));
}

LinedEvent event_of(Record& record, bool completes) {
  LinedEvent lined;
  auto& [event, line] = lined;
  event.process = record.process;
  event.type = completes ? record.outcome : EventType::invoke;
  if (record.process == ProcessId::nemesis) event.type = EventType::info;
  event.time = completes ? record.until : record.from;
  event.f = record.f;
  event.key = record.key;
  event.value = std::move(completes ? record.answer : record.argument);
  line = record.line;
  return lined;
}

/// Two events of each record, or one, in the order of their times.
std::vector<LinedEvent> events_of_records(std::vector<Record>& records) {
  std::vector<std::pair<Time, std::size_t>> moments;
  moments.reserve(2 * records.size());
  for (std::size_t at = 0; at < records.size(); ++at) {
    moments.emplace_back(records[at].from, 2 * at);
    if (records[at].has_end) moments.emplace_back(records[at].until, 2 * at + 1);
  }
  std::sort(moments.begin(), moments.end());
  std::vector<LinedEvent> events;
  events.reserve(moments.size());
  for (const auto& [time, at] : moments) events.push_back(event_of(records[at / 2], at % 2 == 1));
  return events;
}

/// An event's place: of one time, completions come last, so that what touches overlaps.
struct RecordMoment {
  enum class Kind : std::uint8_t { invocation, of_nemesis, completion };

  Time time;
  Kind kind;
  /// Twice the record's place, and 1 for its end.
  std::size_t event;

  auto operator<=>(const RecordMoment&) const = default;
};

std::vector<RecordMoment> moments_of(const std::vector<Record>& records) {
  using Kind = RecordMoment::Kind;
  std::vector<RecordMoment> moments;
  moments.reserve(2 * records.size());
  for (std::size_t at = 0; at < records.size(); ++at) {
    const auto& record = records[at];
    const bool is_of_client = record.process != ProcessId::nemesis;
    const auto begin = is_of_client ? Kind::invocation : Kind::of_nemesis;
    const auto end = is_of_client ? Kind::completion : Kind::of_nemesis;
    moments.push_back({record.from, begin, 2 * at});
    if (record.has_end) moments.push_back({record.until, end, 2 * at + 1});
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

void invoke(Operation& operation, Record& record, Position position) {
  operation.process = record.process;
  operation.f = record.f;
  operation.key = record.key;
  operation.argument = std::move(record.argument);
  operation.result = operation.argument;
  operation.invoked = position;
  operation.invoked_at = record.from;
}

void complete(Operation& operation, Record& record, Position position) {
  operation.returned_at = record.until;
  if (record.outcome == EventType::info) return;
  operation.returned = position;
  operation.outcome = record.outcome == EventType::ok ? Outcome::ok : Outcome::fail;
  operation.refused = operation.outcome == Outcome::fail && is_refused(operation.f.text(), "");
  const bool answers = operation.outcome == Outcome::ok && record.answer != operation.argument;
  if (answers) operation.result = std::move(record.answer);
}

/// Without an event for each beginning and end, which would take more memory than the operations.
void take_records(std::vector<Record>& records, History& history) {
  reserve_in_huge_pages(history.operations, records.size());
  std::vector<std::size_t> operations(records.size());  // by record
  for (const auto& moment : moments_of(records)) {
    const auto position = static_cast<Position>(history.lines.size());
    const auto at = moment.event / 2;
    auto& record = records[at];
    history.lines.push_back(record.line);
    if (moment.kind == RecordMoment::Kind::of_nemesis) {
      auto& event = history.faults.emplace_back(event_of(record, moment.event % 2 == 1).first);
      event.index = position;
    } else if (moment.kind == RecordMoment::Kind::completion) {
      complete(history.operations[operations[at]], record, position);
    } else {
      operations[at] = history.operations.size();
      invoke(history.operations.emplace_back(), record, position);
    }
  }
}

struct ReadRecords {
  /// By their times.
  std::vector<Record> records;
  std::vector<std::string> assumptions;
  bool clients_are_known = true;
};

ReadRecords read_sorted(LineReader& lines, const Vocabulary& vocabulary, checker::Budget& budget) {
  lines.stop_keeping();
  RecordParser parser(vocabulary);
  ReadRecords read;
  auto& records = read.records;
  reserve_in_huge_pages(records, records_at_most(lines.size_bytes()));
  const bool is_whole = read_json_objects(lines, [&](std::string_view text, std::int64_t line,
                                                     std::int64_t column) {
    const Place place{lines.file(), line, column};
    try {
      records.push_back(parser.parse(parse_json_object(text, place)));
    } catch (const RecordError& error) {
      throw InputError(place, error.message);
    }
    auto& record = records.back();
    record.line = line;
    budget.spend(sizeof(Record) + heap_bytes_of(record.argument) + heap_bytes_of(record.answer));
  });
  if (!is_whole || lines.is_cut_off()) {
    throw InputError({lines.file(), lines.line_number()},
                     "the text ends in the middle of a record: others may have seen the effect of "
                     "an operation whose record is missing");
  }
  parser.require_named_fields(lines.file());
  read.assumptions.emplace_back("each record is one operation, and their times order them");
  if (const auto unit = scale_times(records, lines.file()); !unit.empty()) {
    read.assumptions.push_back(unit);
  }
  if (parser.saw_false()) {
    read.assumptions.emplace_back(
        "false means that the operation certainly had no effect (--map info=false: it may have)");
  }
  read_unset_texts_as_nil(records, read.assumptions);
  sort_records(records);
  read.clients_are_known = give_processes(records, lines.file(), read.assumptions);
  return read;
}

}  // namespace

bool holds_records(LineReader& lines, const Names& fields) {
  struct Found {
    bool is_record;
  };
  bool found = false;
  try {
    read_json_objects(lines, [&](std::string_view text, std::int64_t line, std::int64_t column) {
      throw Found{
          FieldMeanings(fields).is_record(parse_json_object(text, {lines.file(), line, column}))};
    });
  } catch (const Found& first) {
    found = first.is_record;
  } catch (const InputError&) {
    // The reader of events says it better.
  }
  lines.rewind();
  return found;
}

FileEvents read_records(LineReader& lines, const Vocabulary& vocabulary, checker::Budget& budget) {
  auto read = read_sorted(lines, vocabulary, budget);
  FileEvents file{lines.file(), {}, {}, false, std::move(read.assumptions), read.clients_are_known};
  file.events = events_of_records(read.records);
  return file;
}

History read_record_history(LineReader& lines, const Vocabulary& vocabulary,
                            checker::Budget& budget) {
  auto read = read_sorted(lines, vocabulary, budget);
  budget.expect(read.records.size() * sizeof(Operation));
  History history;
  history.source = lines.file();
  history.assumptions = std::move(read.assumptions);
  history.clients_are_known = read.clients_are_known;
  take_records(read.records, history);
  return history;
}

}  // namespace sunder::history
