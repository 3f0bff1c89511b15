#pragma once
// What sunder's exit code says: Jepsen's numbers. Of several, the worst is reported: 255, 1, 2, 0,
// so that an unknown never hides an invalid.

#include "checker/verdict.h"

namespace sunder::harness {

enum class ExitCode : int {
  valid = 0,
  invalid = 1,
  unknown = 2,
  bad_arguments = 254,
  failed = 255,  ///< sunder itself, or its environment.
};

constexpr ExitCode exit_code_of(checker::Validity validity) {
  switch (validity) {
    case checker::Validity::valid:
      return ExitCode::valid;
    case checker::Validity::unknown:
      return ExitCode::unknown;
    case checker::Validity::invalid:
      break;
  }
  return ExitCode::invalid;
}

}  // namespace sunder::harness
