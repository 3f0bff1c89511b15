#pragma once
// For tests: why a call refuses what it was given.

#include <stdexcept>
#include <string>

namespace sunder {

/// The message of the std::invalid_argument that `call` throws, or "(accepted)".
template <typename Call>
std::string refusal_by(const Call& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(accepted)";
}

}  // namespace sunder
