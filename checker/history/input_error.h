#pragma once
// The exceptions for input that cannot be checked: unreadable (InputError), or readable but against
// the checkers' assumptions (AssumptionBroken). `what()` is one line with the place and what to do:
// "history.jsonl:7:12: ...". Commands turn it into an exit code; there is no verdict.

#include <cstdint>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace sunder::history {

/// A place in an input, counted from 1. Column 0 means the whole line, line 0 the whole file.
struct Place {
  std::string file;
  std::int64_t line = 0;
  std::int64_t column = 0;
};

inline std::string to_string(const Place& place) {
  if (place.line == 0) return place.file;
  if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

class InputError : public std::runtime_error {
 public:
  InputError(Place where, const std::string& message)
      : std::runtime_error(to_string(where) + ": " + message), place_(std::move(where)) {}
  const Place& place() const { return place_; }

 private:
  Place place_;
};

class AssumptionBroken : public InputError {
 public:
  using InputError::InputError;
};

}  // namespace sunder::history
