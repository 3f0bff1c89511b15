#pragma once
// The result of a fast procedure, which does not apply to every history.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checker/history/value.h"
#include "checker/verdict.h"

namespace sunder::checker {

/// What a procedure is asked for. An order of the operations costs more than the verdict alone.
enum class Asked { verdict, order };

struct FastAnswer {
  enum class Kind {
    not_applicable,
    linearizable,
    not_linearizable,
  };
  Kind kind = Kind::not_applicable;
  /// Indexes of operations that are not linearizable by themselves. Not minimized yet.
  std::vector<std::size_t> conflict = {};
  /// Of a collection: the conflict is one even if its reads are cut to these elements. Empty if the
  /// conflict needs the operations as they are.
  std::vector<history::Value> about = {};
  /// The conflict is one from any state, so the operations before it do not matter.
  bool from_any_state = false;
  /// The sentence about the conflict, if the operations alone do not give it: a count, perhaps.
  std::string why = {};
  /// Of a text: what the conflict's operations answered, cut to what matters. Empty if they are
  /// whole.
  std::vector<history::Value> cut_results = {};
  /// Of a queue: unanswered dequeues are left out of the conflict, because none can have taken its
  /// values as long as their dequeues were answered. So these must not be weakened.
  bool dequeues_stay = false;
  std::optional<Shortfall> shortfall = std::nullopt;
  /// If it was asked for: the indexes of the operations that took effect, in an order of their
  /// effects that explains all answers.
  std::vector<std::size_t> order = {};
};

}  // namespace sunder::checker
