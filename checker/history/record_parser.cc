#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "checker/history/input_error.h"
#include "checker/history/record.h"
#include "checker/history/spelling.h"

namespace sunder::history {

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A keyword of EDN is a name without its colon.
std::string name_text(const Value& value) {
  auto text = text_or_json(value);
  if (value.text() != nullptr && text.starts_with(':')) text.erase(0, 1);
  return text;
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

}  // namespace

void RecordParser::take_name(const RecordFields& fields, const Value* input, Record& record) {
  const Value* name = fields.value(Role::f);
  if (name == nullptr && input != nullptr) {
    name = any_member(*input, {"op", "f", "operation", "type", "kind", "method"});
  }
  if (name == nullptr) {
    const auto* steps = fields.value(Role::value);
    if (steps == nullptr || !is_transaction(*steps)) {
      throw RecordError{
          "the operation's name is missing: a field \"f\" or \"op\", or --map f=THEIRS"};
    }
    record.f = functions_.of("txn");
    return;
  }
  const bool is_text = name->text() != nullptr && !name->text()->starts_with(':');
  record.f = is_text ? functions_.of(*name->text()) : functions_.of(name_text(*name));
  if (name->text() == nullptr && !vocabulary_.operations.contains(record.f)) {
    throw RecordError{fmt::format(
        "the operation's name is {}: say what it means, such as --map read=0,write=1", record.f)};
  }
  const auto* key = fields.value(Role::key);
  if (key == nullptr && input != nullptr) key = any_member(*input, {"key", "k"});
  if (key == nullptr) return;
  if (key->list() != nullptr || key->object() != nullptr) {
    throw RecordError{"the key must be a string or a number"};
  }
  record.key = keys_.of(key_name(*key));
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
  const auto* value = fields.value(Role::value);
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
  if (answer == nullptr && output == nullptr && fields.value(Role::argument) == nullptr) {
    answer = fields.value(Role::value);
  }
  const bool asks = is_one_of(f, {"read", "dequeue", "txn"});
  if (answer == nullptr || (!asks && is_unset(*answer))) return record.argument;
  return *answer;
}

EventType RecordParser::outcome_named(const Value& value) {
  if (value.is_nil()) return EventType::info;
  if (value.boolean() != nullptr && vocabulary_.types.empty()) {
    saw_false_ = saw_false_ || !*value.boolean();
    return *value.boolean() ? EventType::ok : EventType::fail;
  }
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
  const auto* said = fields.value(Role::outcome);
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
  const auto* error = fields.value(Role::error);
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

void RecordParser::take_times(const RecordFields& fields, Record& record) const {
  const auto& start = fields[Role::start];
  const auto started =
      start.value == nullptr ? std::nullopt : timestamp_in(*start.value, start.unit);
  if (!started) throw RecordError{"the time of its start is missing or is no time"};
  record.start = *started;
  const auto& end = fields[Role::end];
  record.has_end =
      end.value != nullptr && !end.value->is_nil() && *end.value != Value(std::int64_t{INT64_MAX});
  if (!record.has_end) return;
  const auto ended = timestamp_in(*end.value, end.unit);
  if (!ended) throw RecordError{fmt::format("\"{}\" is no time", *end.name)};
  record.end = *ended;
}

const std::string& RecordParser::our_name_of(const Name& theirs) {
  if (theirs_ != theirs || ours_.empty()) {
    ours_ = our_name(theirs, vocabulary_.operations);
    theirs_ = theirs;
  }
  return ours_;
}

Record RecordParser::parse(const Value& object) {
  if (object.object() == nullptr) throw RecordError{"is no operation"};
  const auto fields = meanings_.fields_of(object);
  if (!vocabulary_.fields.empty()) {
    for (const auto& field : fields.fields) {
      if (field.value != nullptr) seen_.insert(*field.name);
    }
  }
  const auto* input = fields.value(Role::argument);
  const auto* output = fields.value(Role::result);
  if (input != nullptr) refuse_etcd_request(*input);
  Record record;
  take_times(fields, record);
  const auto* client = fields.value(Role::process);
  if (client != nullptr && !client->is_nil()) record.client = clients_.of(to_json(*client));
  if (client != nullptr && client->text() != nullptr && is_name_of_nemesis(*client->text())) {
    record.process = ProcessId::nemesis;
  }
  take_name(fields, input, record);
  const auto& f = our_name_of(record.f);
  record.argument = argument_of(fields, input, f);
  record.has_output_object = output != nullptr && output->object() != nullptr;
  if (record.process != ProcessId::nemesis) {
    record.outcome = outcome_of(fields, output, record.has_end);
  }
  record.answer =
      record.outcome == EventType::ok ? answer_of(fields, output, record, f) : record.argument;
  return record;
}

}  // namespace sunder::history
