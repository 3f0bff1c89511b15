#pragma once
// A history that can be checked: the clients' operations and the nemesis' events.
// Invariant: every completion has its invocation, no process had two operations open, and no
// process was used after an `info`. OperationBuilder throws AssumptionBroken for any other history.
// Surprise: an operation without a completion is `info`, as if the client had recorded `info`.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/history/error_counts.h"
#include "checker/history/input_error.h"
#include "checker/history/operation.h"

namespace sunder::history {

struct History {
  /// Sorted by invocation.
  std::vector<Operation> operations;
  /// The nemesis' events in order; `index` is their position. run_event.h gives them types.
  std::vector<Event> faults;
  /// How the file was understood where it could mean something else: "values are [key value]".
  std::vector<std::string> assumptions;
  /// Warnings of the reader.
  std::vector<std::string> warnings;
  ErrorCounts errors;
  /// The name of the file, for messages.
  std::string source;
  /// An ok read of nil means "not known" (Jepsen's convention), not "absent".
  bool nil_reads_are_unknown = false;
  /// Which operations are of one client. Without it, `process` only keeps operations apart that
  /// overlap.
  bool clients_are_known = true;
  /// The first event whose `index` is less than that of an event before it.
  std::optional<Position> index_goes_back;
  /// The first invocation, or answer of an operation, whose time is before that of one in front.
  std::optional<Position> time_goes_back;
  /// The line of each position. Empty if each event is on the line after the previous one.
  std::vector<std::int64_t> lines;
  /// If the history was merged: its files. A line is a line_in_file() then.
  std::vector<std::string> files;

  Place place_of(Position position) const;
  /// For messages: "line 7", or "line 7 of client-2.jsonl".
  std::string line_name(Position position) const;
};

/// One number for a line of one of several files.
std::int64_t line_in_file(std::size_t file, std::int64_t line);

/// Pairs invocations with completions.
class OperationBuilder {
 public:
  /// With `files`, lines are a line_in_file().
  explicit OperationBuilder(std::string source, std::vector<std::string> files = {});

  /// Takes the events in order. May move from the event. Throws AssumptionBroken.
  void add(Event& event, std::int64_t line);
  /// Reserves memory for that many operations.
  void reserve(std::size_t operations);
  History finish(std::vector<std::string> warnings);

 private:
  /// The state of a process.
  struct Process {
    enum class Phase { idle, open, retired } phase = Phase::idle;
    /// Its last operation: an index in `operations`.
    std::size_t operation = 0;
  };

  void invoke(Event& event, Process& process);
  void complete(Event& event, Process& process);
  void remember_line(std::int64_t line);
  void note_time(Time time);
  [[noreturn]] void refuse(const std::string& message) const;

  History history_;
  std::unordered_map<std::int64_t, Process> processes_;
  NameCache functions_;
  NameCache keys_;
  Position position_ = 0;
  std::int64_t greatest_index_ = 0;
  Time latest_time_ = Time::min();
};

}  // namespace sunder::history
