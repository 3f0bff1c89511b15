#include "checker/history/records.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <queue>
#include <set>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/json_objects.h"
#include "checker/history/jsonl.h"
#include "checker/history/record_fields.h"

namespace sunder::history {

namespace {

struct Record {
  Event invocation;
  Event completion;
  RecordTime start;
  RecordTime end;
  /// When it began and ended; `end` may be Time::max().
  Time from{0};
  Time until{0};
  bool has_end = false;
  /// As JSON; empty if it names no process.
  std::string client;
  /// Its answer is a member of an object, as Go's structs are.
  bool has_output_object = false;
  std::int64_t line = 0;
};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string name_text(const Value& value) {
  if (value.text() == nullptr) return to_json(value);
  return value.text()->starts_with(':') ? value.text()->substr(1) : *value.text();
}

/// What Go writes for a field that is not set.
bool is_unset(const Value& value) {
  return value.is_nil() || value == Value(0) || value == Value("") || value == Value(false) ||
         (value.object() != nullptr && value.object()->empty());
}

/// The member by any of these names, in any case.
const Value* any_member(const Value& object, std::initializer_list<std::string_view> names) {
  if (object.object() == nullptr) return nullptr;
  for (const auto& [name, value] : *object.object()) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (is_one_of(lower, names)) return &value;
  }
  return nullptr;
}

class RecordParser {
 public:
  explicit RecordParser(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  /// Throws RecordError.
  Record parse(const Value& object);
  bool saw_false() const { return saw_false_; }
  void require_named_fields(const std::string& file) const;

 private:
  void take_name(const RecordFields& fields, const Value* input, Event& event) const;
  Value argument_of(const RecordFields& fields, const Value* input, const std::string& f) const;
  Value answer_of(const RecordFields& fields, const Value* output, const Record& record,
                  const std::string& f) const;
  EventType outcome_of(const RecordFields& fields, const Value* output, bool has_end);
  EventType outcome_named(const Value& value);

  const Vocabulary& vocabulary_;
  /// Fields that the records have.
  std::set<std::string> seen_;
  bool saw_false_ = false;
};

const Value* value_in(const RecordFields& fields, Role role) {
  const auto field = fields.find(role);
  return field == fields.end() ? nullptr : field->second.value;
}

void refuse_etcd_request(const Value& input) {
  const auto* type = input.text("Type");
  if (type == nullptr || (input.member("Range") == nullptr && input.member("Txn") == nullptr))
    return;
  throw RecordError{fmt::format(
      "is an operation of etcd's robustness tests ({}): revisions, leases, ranges and conditional "
      "transactions belong to one model of all keys, which sunder does not have; etcd's own "
      "validation judges it. sunder judges a copy of its single-key puts and gets, as "
      "{{\"process\",\"f\",\"key\",\"value\",\"start\",\"end\",\"ok\"}}, by --model register",
      *type)};
}

void RecordParser::take_name(const RecordFields& fields, const Value* input, Event& event) const {
  const Value* name = value_in(fields, Role::f);
  if (name == nullptr && input != nullptr) {
    name = any_member(*input, {"op", "f", "operation", "type", "kind", "method"});
  }
  if (name == nullptr) {
    const auto* steps = value_in(fields, Role::value);
    if (steps == nullptr || !is_transaction(*steps)) {
      throw RecordError{
          "the operation's name is missing: a field \"f\" or \"op\", or --map f=THEIRS"};
    }
    event.f = "txn";
    return;
  }
  event.f = name_text(*name);
  const bool is_number = name->text() == nullptr;
  if (is_number && !vocabulary_.operations.contains(event.f)) {
    throw RecordError{fmt::format(
        "the operation's name is {}: say what it means, such as --map read=0,write=1", event.f)};
  }
  const auto* key = value_in(fields, Role::key);
  if (key == nullptr && input != nullptr) key = any_member(*input, {"key", "k"});
  if (key == nullptr) return;
  if (key->list() != nullptr || key->object() != nullptr) {
    throw RecordError{"the key must be a string or a number"};
  }
  event.key = key_name(*key);
}

Value RecordParser::argument_of(const RecordFields& fields, const Value* input,
                                const std::string& f) const {
  if (is_one_of(f, {"read", "dequeue"})) return {};
  if (input != nullptr && input->object() != nullptr) {
    if (f == "cas") {
      const auto* expected = any_member(*input, {"from", "expected", "old", "arg1"});
      const auto* next = any_member(*input, {"to", "new", "arg2"});
      if (expected != nullptr && next != nullptr) return List{*expected, *next};
    }
    if (const auto* value = any_member(*input, {"value", "val", "v", "arg", "arg1", "args"})) {
      return *value;
    }
    return {};
  }
  if (input != nullptr) return *input;
  const auto* value = value_in(fields, Role::value);
  return value == nullptr ? Value() : *value;
}

Value RecordParser::answer_of(const RecordFields& fields, const Value* output, const Record& record,
                              const std::string& f) const {
  const Value* answer = output;
  if (output != nullptr && output->object() != nullptr) {
    const auto* exists = any_member(*output, {"exists", "found"});
    if (exists != nullptr && *exists == Value(false)) return {};
    answer = any_member(*output, {"value", "values", "val", "v"});
    if (answer == nullptr && is_one_of(f, {"read", "dequeue"})) {
      throw RecordError{"the answer has no \"value\""};
    }
  }
  if (answer == nullptr && output == nullptr && value_in(fields, Role::argument) == nullptr) {
    answer = value_in(fields, Role::value);
  }
  const bool asks = is_one_of(f, {"read", "dequeue", "txn"});
  if (answer == nullptr || (!asks && is_unset(*answer))) return record.invocation.value;
  return *answer;
}

EventType RecordParser::outcome_named(const Value& value) {
  if (value.is_nil()) return EventType::info;
  auto name = name_text(value);
  const auto given = vocabulary_.types.find(name);
  if (given != vocabulary_.types.end()) name = given->second;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name == "false") saw_false_ = true;
  if (is_one_of(name, {"ok", "true", "success"})) return EventType::ok;
  if (is_one_of(name, {"fail", "false", "failed", "failure"})) return EventType::fail;
  if (is_one_of(name, {"info", "unknown", "timeout", "indeterminate"})) return EventType::info;
  throw RecordError{fmt::format(
      "the outcome {} can mean that the operation had no effect or that it may have: say it, as "
      "--map fail={} or --map info={}",
      name, name_text(value), name_text(value))};
}

EventType RecordParser::outcome_of(const RecordFields& fields, const Value* output, bool has_end) {
  const auto* said = value_in(fields, Role::outcome);
  if (said == nullptr && output != nullptr) {
    const auto* unknown = any_member(*output, {"unknown", "timeout"});
    if (unknown != nullptr && *unknown == Value(true)) return EventType::info;
    said = any_member(*output, {"ok", "success"});
  }
  if (said != nullptr) {
    const auto type = outcome_named(*said);
    if (type == EventType::ok && !has_end) throw RecordError{"is ok, but has no end"};
    return type;
  }
  const auto* error = value_in(fields, Role::error);
  if (error == nullptr && output != nullptr) error = any_member(*output, {"err", "error"});
  const bool has_error = error != nullptr && !is_unset(*error) && *error != Value("OK");
  if (has_error && vocabulary_.types.contains(name_text(*error))) return outcome_named(*error);
  return has_end && !has_error ? EventType::ok : EventType::info;
}

void RecordParser::require_named_fields(const std::string& file) const {
  for (const auto& [theirs, ours] : vocabulary_.fields) {
    if (theirs == "none" || seen_.contains(theirs) || vocabulary_.types.contains(theirs)) continue;
    throw InputError({file}, fmt::format("no record has the field \"{}\", which --map {}={} names",
                                         theirs, ours, theirs));
  }
}

Record RecordParser::parse(const Value& object) {
  if (object.object() == nullptr) throw RecordError{"is no operation"};
  const auto fields = record_fields(object, vocabulary_.fields);
  for (const auto& [role, field] : fields) {
    if (!vocabulary_.fields.empty()) seen_.insert(field.name);
  }
  const auto* input = value_in(fields, Role::argument);
  const auto* output = value_in(fields, Role::result);
  if (input != nullptr) refuse_etcd_request(*input);
  Record record;
  const auto start = fields.find(Role::start);
  const auto started = start == fields.end() ? std::nullopt : record_time(start->second);
  if (!started) throw RecordError{"the time of its start is missing or is no time"};
  record.start = *started;
  const auto end = fields.find(Role::end);
  record.has_end = end != fields.end() && !end->second.value->is_nil() &&
                   *end->second.value != Value(std::int64_t{INT64_MAX});
  if (record.has_end) {
    const auto ended = record_time(end->second);
    if (!ended) throw RecordError{fmt::format("\"{}\" is no time", end->second.name)};
    record.end = *ended;
  }
  if (const auto* client = value_in(fields, Role::process);
      client != nullptr && !client->is_nil()) {
    record.client = to_json(*client);
  }
  auto& invocation = record.invocation;
  take_name(fields, input, invocation);
  const auto f = our_name(invocation.f, vocabulary_.operations);
  invocation.value = argument_of(fields, input, f);
  record.has_output_object = output != nullptr && output->object() != nullptr;
  auto& completion = record.completion;
  completion.type = outcome_of(fields, output, record.has_end);
  completion.f = invocation.f;
  completion.key = invocation.key;
  completion.value =
      completion.type == EventType::ok ? answer_of(fields, output, record, f) : invocation.value;
  return record;
}

/// The times in nanoseconds. Returns what was assumed.
std::string scale_times(std::vector<Record>& records, const std::string& file) {
  const auto has_fraction = [](const RecordTime& time) {
    return time.unit == 0 && time.fraction != 0;
  };
  const bool in_seconds = std::any_of(records.begin(), records.end(), [&](const Record& record) {
    return has_fraction(record.start) || (record.has_end && has_fraction(record.end));
  });
  const std::int64_t usual = in_seconds ? 1'000'000'000 : 1;
  bool assumes = false;
  for (auto& record : records) {
    const auto scaled = [&](const RecordTime& time) {
      assumes = assumes || time.unit == 0;
      const auto unit = time.unit != 0 ? time.unit : usual;
      std::int64_t nanoseconds = 0;
      if (__builtin_mul_overflow(time.whole, unit, &nanoseconds) || nanoseconds < -INT64_MAX / 2) {
        throw InputError({file, record.line},
                         "a time is too large: say its unit by the field's "
                         "name, such as --map start_ms=begin");
      }
      return Time{nanoseconds + std::llround(time.fraction * static_cast<double>(unit))};
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
    return record.invocation.value == unset;
  });
  if (is_written) return;
  bool found = false;
  for (auto& record : records) {
    if (!record.has_output_object || record.completion.value != unset) continue;
    record.completion.value = Value();
    found = true;
  }
  if (found) assumptions.emplace_back("a read of \"\" found nothing, since nothing writes \"\"");
}

/// Whether operations of one client overlap: then they cannot be of one process.
const Record* overlapping(const std::vector<Record>& sorted) {
  std::map<std::string_view, Time> ends;
  for (const auto& record : sorted) {
    auto& end = ends.try_emplace(record.client, Time::min()).first->second;
    if (record.from < end) return &record;
    const bool is_over = record.completion.type != EventType::info;
    if (is_over) end = std::max(end, record.until);
  }
  return nullptr;
}

/// Gives operations that overlap different processes, as few as that takes.
void assign_processes(std::vector<Record>& sorted) {
  using Free = std::pair<Time, std::int64_t>;
  std::priority_queue<Free, std::vector<Free>, std::greater<>> free;
  std::int64_t next = 0;
  for (auto& record : sorted) {
    std::int64_t process = 0;
    if (!free.empty() && free.top().first < record.from) {
      process = free.top().second;
      free.pop();
    } else {
      process = next++;
    }
    record.invocation.process = ProcessId{process};
    if (record.completion.type != EventType::info) free.emplace(record.until, process);
  }
}

/// Numbers the clients. One that goes on after an operation that may still happen is a new process.
void number_clients(std::vector<Record>& sorted, std::vector<std::string>& assumptions) {
  std::int64_t next = 0;
  std::map<std::string, std::int64_t> numbers;
  const auto number_of = [](const std::string& client) {
    const bool is_number = client.size() < 18 && !client.empty() &&
                           client.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? std::optional<std::int64_t>(std::stoll(client)) : std::nullopt;
  };
  for (const auto& record : sorted)
    next = std::max(next, number_of(record.client).value_or(-1) + 1);
  bool renewed = false;
  std::string named;
  std::set<std::string> seen;
  for (auto& record : sorted) {
    const bool is_new = seen.insert(record.client).second;
    auto number = numbers.find(record.client);
    if (number == numbers.end()) {
      const auto own = is_new ? number_of(record.client) : std::nullopt;
      if (is_new && !own && seen.size() <= 4) {
        named += fmt::format("{}client {} is process {}", named.empty() ? "" : ", ", record.client,
                             next);
      }
      renewed = renewed || !is_new;
      number = numbers.emplace(record.client, own ? *own : next++).first;
    }
    record.invocation.process = ProcessId{number->second};
    if (record.completion.type == EventType::info) numbers.erase(number);
  }
  if (!named.empty()) assumptions.push_back(named);
  if (renewed) {
    assumptions.emplace_back(
        "a client that goes on after an operation that may still happen is a new process");
  }
}

void give_processes(std::vector<Record>& sorted, const std::string& file,
                    std::vector<std::string>& assumptions) {
  std::set<std::string> clients;
  for (const auto& record : sorted) clients.insert(record.client);
  const auto* overlap = clients.size() > 1 || !clients.contains("") ? overlapping(sorted) : nullptr;
  if (clients.size() > 1 && (overlap != nullptr || clients.contains(""))) {
    const auto line = overlap != nullptr ? overlap->line : sorted.front().line;
    throw AssumptionBroken(
        {file, line},
        overlap != nullptr
            ? fmt::format("client {} begins this operation before it ended another one. If the "
                          "field does not tell who calls, say so: --map process=none",
                          overlap->client)
            : "some records name their process and others do not; --map process=none leaves the "
              "names out");
  }
  if (overlap == nullptr && !clients.contains("")) return number_clients(sorted, assumptions);
  assign_processes(sorted);
  assumptions.emplace_back(
      clients.contains("") ? "operations that overlap are of different processes"
                           : "all operations name one client, yet they overlap: those that do are "
                             "of different processes");
}

}  // namespace

bool holds_records(LineReader& lines, const Names& fields) {
  struct Found {
    bool is_record;
  };
  bool found = false;
  try {
    read_json_objects(lines, [&](std::string_view text, std::int64_t line, std::int64_t column) {
      throw Found{is_record(parse_json_object(text, {lines.file(), line, column}), fields)};
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
  lines.stop_keeping();
  RecordParser parser(vocabulary);
  std::vector<Record> records;
  const bool is_whole =
      read_json_objects(lines, [&](std::string_view text, std::int64_t line, std::int64_t column) {
        const Place place{lines.file(), line, column};
        try {
          records.push_back(parser.parse(parse_json_object(text, place)));
        } catch (const RecordError& error) {
          throw InputError(place, error.message);
        }
        auto& record = records.back();
        record.line = line;
        budget.spend(sizeof(Record) + heap_bytes_of(record.invocation.value) +
                     heap_bytes_of(record.completion.value));
      });
  if (!is_whole || lines.is_cut_off()) {
    throw InputError({lines.file(), lines.line_number()},
                     "the text ends in the middle of a record: others may have seen the effect of "
                     "an operation whose record is missing");
  }
  parser.require_named_fields(lines.file());
  FileEvents file{lines.file(), {}, {}, false, {}};
  file.assumptions.emplace_back("each record is one operation, and their times order them");
  if (const auto unit = scale_times(records, lines.file()); !unit.empty()) {
    file.assumptions.push_back(unit);
  }
  if (parser.saw_false()) {
    file.assumptions.emplace_back(
        "false means that the operation certainly had no effect (--map info=false: it may have)");
  }
  read_unset_texts_as_nil(records, file.assumptions);
  std::stable_sort(records.begin(), records.end(), [](const Record& left, const Record& right) {
    return std::pair(left.from, left.until) < std::pair(right.from, right.until);
  });
  give_processes(records, lines.file(), file.assumptions);
  for (auto& record : records) {
    auto& invocation = record.invocation;
    auto& completion = record.completion;
    invocation.time = record.from;
    completion.time = record.until;
    completion.process = invocation.process;
    file.events.emplace_back(std::move(invocation), record.line);
    if (record.has_end) file.events.emplace_back(std::move(completion), record.line);
  }
  return file;
}

}  // namespace sunder::history
