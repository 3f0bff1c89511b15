#pragma once
// Finds out whether the values of a Jepsen history are [key value] pairs, and splits them if so.
// It holds events back until one of them decides it.

#include <string>
#include <utility>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::history {

class IndependentKeys {
 public:
  explicit IndependentKeys(const EventSink& sink) : sink_(sink) {}

  void add(Event event, std::int64_t line);
  /// Call it after the last event. Passes on the events that are held back, unchanged.
  void finish();

 private:
  enum class Kind { undecided, plain, keyed };
  static Kind kind_of(const Event& event);
  void pass(Event& event, std::int64_t line) const;
  void pass_held();

  const EventSink& sink_;
  Kind kind_ = Kind::undecided;
  std::vector<std::pair<Event, std::int64_t>> held_;
};

}  // namespace sunder::history
