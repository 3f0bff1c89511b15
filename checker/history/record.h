#pragma once
// One record of a file that has one record an operation, as it was understood. RecordParser
// understands one after the other; give_processes() decides which of them are of one client.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "checker/history/event.h"
#include "checker/history/name.h"
#include "checker/history/record_fields.h"
#include "checker/history/timestamp.h"
#include "checker/history/vocabulary.h"

namespace sunder::history {

struct Record {
  ProcessId process{0};
  /// ok, fail or info; of the nemesis info.
  EventType outcome = EventType::info;
  Name f;
  Name key;
  Value argument;
  Value answer;
  Timestamp start;
  Timestamp end;
  /// When it began and ended; `until` may be Time::max().
  Time from{0};
  Time until{0};
  /// As JSON; empty if it names no process.
  Name client;
  bool has_end = false;
  /// Its answer is a member of an object, as Go's structs are.
  bool has_output_object = false;
  std::int64_t line = 0;
};

class RecordParser {
 public:
  /// `vocabulary` must outlive it.
  explicit RecordParser(const Vocabulary& vocabulary)
      : vocabulary_(vocabulary), meanings_(vocabulary.fields) {}

  /// Throws RecordError.
  Record parse(const Value& object);
  bool saw_false() const { return saw_false_; }
  /// Throws InputError if a field that the user named was in no record.
  void require_named_fields(const std::string& file) const;

 private:
  void take_times(const RecordFields& fields, Record& record) const;
  void take_name(const RecordFields& fields, const Value* input, Record& record);
  Value argument_of(const RecordFields& fields, const Value* input, const std::string& f) const;
  Value answer_of(const RecordFields& fields, const Value* output, const Record& record,
                  const std::string& f) const;
  EventType outcome_of(const RecordFields& fields, const Value* output, bool has_end);
  EventType outcome_named(const Value& value);
  /// What we call the operation, by the name of the last one if that has the same.
  const std::string& our_name_of(const Name& theirs);

  const Vocabulary& vocabulary_;
  FieldMeanings meanings_;
  NameCache functions_;
  NameCache keys_;
  NameCache clients_;
  Name theirs_;
  std::string ours_;
  /// Fields that the records have.
  std::set<std::string> seen_;
  bool saw_false_ = false;
};

/// Sets the processes of records that are sorted by their times. Returns whether they are clients
/// that the records name. Throws AssumptionBroken if those cannot be processes.
bool give_processes(std::vector<Record>& sorted, const std::string& file,
                    std::vector<std::string>& assumptions);

}  // namespace sunder::history
