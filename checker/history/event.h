#pragma once
// One line of a history: an invocation or completion of a client's operation, or an event of the
// nemesis. Events are ordered by their lines, not by `time`, which is for people.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checker/history/value.h"

namespace sunder::history {

/// Since the start of the run, on the monotonic clock.
using Time = std::chrono::nanoseconds;

/// For people.
inline double seconds_of(Time time) {
  return std::chrono::duration<double>(time).count();
}

/// A logical client. It has at most one operation open; after an `info` its id is never used again.
enum class ProcessId : std::int64_t { nemesis = -1 };

enum class EventType {
  invoke,
  ok,
  fail,  ///< Certainly did not happen.
  info,  ///< May happen at any time from its invocation on, or never. The nemesis' events are info.
};

/// What a system says of an operation besides its value. Each field is there if the system says it.
struct Answer {
  /// Who answered: "n2".
  std::string node;
  /// Of a refused cas: the value that it found, nil if the key was absent. Of a refused dequeue:
  /// nil if it found the queue empty.
  std::optional<Value> found;
  /// A place in the system's order of updates. sunder's Raft node: the log index of the command; of
  /// a read, the index of the last entry applied before it.
  std::optional<std::int64_t> revision;
  /// sunder's Raft node: the term and the digest of the command's entry, as in the traces.
  std::optional<std::int64_t> term;
  std::optional<std::uint64_t> command;

  bool operator==(const Answer&) const = default;
};

struct Event {
  std::int64_t index = 0;
  Time time{0};
  ProcessId process{0};
  EventType type = EventType::invoke;
  /// Whether the history says `time`.
  bool has_time = true;
  /// "read", "write", "cas", ...; of the nemesis, the names of run_event.h.
  std::string f;
  /// Empty for operations without a key.
  std::string key;
  /// cas: the list [expected, new]. Nemesis: an object, see run_event.h.
  Value value;
  /// Why an operation failed or is unknown ("timeout", "mismatch"), for people; may be empty.
  std::string error;
  /// Only of completions.
  std::optional<Answer> answer;

  bool operator==(const Event&) const = default;
};

/// What a completion said besides its value. A failed dequeue found nil if its error or its value
/// is one of the words "empty", "queue-empty", "queue empty", "queue is empty", "exhausted".
std::optional<Answer> answer_of(const Event& completion);

/// Whether a completion that failed is an answer, not an error: the system looked, and what the
/// operation requires was not so. A cas met another value, a queue was empty, a lock was held. It
/// says what was found, or its error is the word for it, or it has no error at all.
bool is_refused(const Event& completion);
/// The same of a failed `f` that does not say what it found.
bool is_refused(std::string_view f, std::string_view error);

std::string_view name_of(EventType type);
/// Answer::command as text: 16 hexadecimal digits. Absent for any other text.
std::optional<std::uint64_t> command_digest(std::string_view text);
std::optional<EventType> event_type_named(std::string_view name);

}  // namespace sunder::history
