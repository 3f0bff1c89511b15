#pragma once
// Many runs as one JUnit XML file, the form in which CI systems read test results.
// invalid is a failure; unknown and a run that could not be carried out are errors, because nothing
// was shown by them.

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "checker/verdict.h"

namespace sunder::results {

struct JunitCase {
  /// What was run: "raft.register".
  std::string group;
  /// "kill,pause seed 7"
  std::string name;
  std::chrono::nanoseconds duration{0};
  /// Absent if the run could not be carried out.
  std::optional<checker::Validity> validity;
  /// One sentence: why it is not valid.
  std::string sentence;
  /// Where the report is, the command that repeats it; any text.
  std::string details;
};

/// The whole file. Control characters, which XML cannot hold, are replaced.
std::string to_junit(std::string_view suite, std::span<const JunitCase> cases);

}  // namespace sunder::results
