#pragma once
// Values of the form [key value], as Jepsen's independent workloads have them: the history is one
// of several objects, each with its key. Only the whole file tells: one operation whose value is no
// such pair shows that the pairs are values themselves.

#include "checker/history/history.h"

namespace sunder::history {

/// How the objects of a history are told apart.
enum class Keys {
  automatic,  ///< By pairs if values_are_keyed(), else by the field `key`.
  pairs,      ///< Each value is [key value]. A history with another value is refused.
  field,      ///< By the field `key`.
  none,       ///< All operations are of one object.
};

/// Whether each operation of each client asks with a pair and is answered with the same key. False
/// if an operation has the field `key`, or if there is no operation.
bool values_are_keyed(const History& history);

/// Tells the objects apart and notes what was assumed in `history.assumptions`. Throws
/// AssumptionBroken for a value that is no pair although `keys` says so.
void take_keys(History& history, Keys keys);

}  // namespace sunder::history
