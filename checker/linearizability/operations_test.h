#pragma once
// Operations of one object for the tests of the checkers, at places that stand for events.

#include <string_view>
#include <utility>

#include "checker/history/operation.h"

namespace sunder::checker {

/// `value` is what a read or dequeue returned, and what any other operation was given. A `returned`
/// below 0 means that it never did. Each operation has a process of its own.
inline history::Operation operation_at(std::string_view f, history::Value value, int invoked,
                                       int returned) {
  history::Operation operation;
  operation.process = history::ProcessId{invoked};
  operation.f = f;
  const bool asks = f == "read" || f == "dequeue";
  (asks ? operation.result : operation.argument) = std::move(value);
  operation.invoked = invoked;
  operation.returned = returned < 0 ? history::never : returned;
  operation.outcome = returned < 0 ? history::Outcome::info : history::Outcome::ok;
  return operation;
}

}  // namespace sunder::checker
