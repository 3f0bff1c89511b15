#pragma once
// The order of a history's events is the order of its lines. A file whose times say that an
// operation was over before one that the lines have before it has two orders; only its owner knows
// which is right.

#include <string>

#include "checker/history/history.h"

namespace sunder::history {

enum class EventOrder {
  checked,  ///< That of the lines. A file whose times or indices contradict it is refused.
  lines,    ///< That of the lines, whatever else the file says.
  time,     ///< That of the field `time`. Events of one time are concurrent.
};

/// Throws AssumptionBroken if an index goes back. Throws one that names two lines if the times
/// contradict the order of the lines: of two operations, each was over before the other began by
/// one of them. Times that go back without such a contradiction are only a warning, which it adds.
void require_one_order(History& history);

/// An event and its line.
using LinedEvent = std::pair<Event, std::int64_t>;

/// Sorts by time. Of one time, invocations come before completions as far as each process's own
/// events keep their order.
void sort_by_time(std::vector<LinedEvent>& events);

/// Of a history whose events sort_by_time() sorted: lets operations overlap that only touch. At one
/// time all invocations come before all completions, even those of one process. Otherwise a process
/// that goes on at once would order the operations of others.
class TouchingOperations {
 public:
  /// Before the events are taken.
  explicit TouchingOperations(const std::vector<LinedEvent>& sorted);
  void overlap(History& history) const;

 private:
  /// The place of each position.
  std::vector<Position> moved_to_;
  bool moves_ = false;
};

}  // namespace sunder::history
