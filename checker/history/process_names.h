#pragma once
// Which process an event of a file belongs to, in every format: a number from 0 on, the nemesis
// (":nemesis", "nemesis-2"), or a client with a name, which gets a number. Invariant: one name is
// one client in all files of a history. Surprise: a named client that goes on after an operation
// that may still happen is another process, as a process has one operation at a time. If no event
// names a process, each operation is of one of its own, and no two may overlap.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checker/history/event.h"

namespace sunder::history {

/// A message for people.
struct ProcessError {
  std::string message;
};

class ProcessNames {
 public:
  /// Of an integer, a number of another kind without a fraction, or a text. Throws ProcessError.
  ProcessId process_of(const Value& value);
  /// Throw ProcessError: a number is below 0, or a history has numbers and names.
  ProcessId numbered(std::int64_t number);
  ProcessId named(std::string_view name);
  /// Of an event that names none. Throws ProcessError if others do, or if an operation is open: it
  /// is not known then which one a completion belongs to.
  ProcessId unnamed(EventType type);

  bool has_names() const { return !numbers_.empty(); }
  /// Events named no process.
  bool are_unnamed() const { return unnamed_ > 0; }
  /// Of a process with a number from 0 on, in a history without names.
  void note_number() { has_numbers_ = true; }
  /// The operation of the process may still happen.
  void retire(ProcessId process);
  /// "processes are named: a is process 0". Empty if none is.
  std::vector<std::string> assumptions() const;

 private:
  void require_none_unnamed() const;

  std::map<std::string, ProcessId, std::less<>> names_;
  /// By their numbers: which name has it. The nemesis stands for no number.
  std::vector<ProcessId*> numbers_;
  /// "client-1 is process 0", in the order of the numbers.
  std::vector<std::string> said_;
  bool has_numbers_ = false;
  bool renewed_ = false;
  /// How many operations named no process, and whether the last one is open.
  std::int64_t unnamed_ = 0;
  bool unnamed_is_open_ = false;
};

/// "nemesis", ":nemesis", "nemesis-2".
bool is_name_of_nemesis(std::string_view name);

/// "a, b, c, d and 3 more".
std::string shortened(std::vector<std::string> all);

}  // namespace sunder::history
