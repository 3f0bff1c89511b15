#pragma once
// Tells, of a Jepsen history, whether its values are [key value] pairs, and takes them apart.
// Events are held back until one decides it; after that nothing is.

#include <string>
#include <utility>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::history {

class IndependentKeys {
 public:
  explicit IndependentKeys(const EventSink& sink) : sink_(sink) {}

  void add(Event event, std::int64_t line);
  /// No more events come: what was held back is passed on as it is.
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
