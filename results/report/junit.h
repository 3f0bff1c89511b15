#pragma once
// Many runs as one JUnit XML file, the form in which CI systems read test results. What shows that
// something is wrong is a failure; what shows nothing is an error.

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace sunder::results {

enum class JunitResult { passed, failure, error, skipped };

struct JunitCase {
  /// What was run: "raft.register".
  std::string group;
  /// "kill,pause seed 7"
  std::string name;
  std::chrono::nanoseconds duration{0};
  JunitResult result = JunitResult::passed;
  /// Of those that did not pass, in one word: "invalid", "unknown", "hung".
  std::string type;
  /// One sentence: why it did not pass.
  std::string sentence;
  /// Where the report is, the command that repeats it; any text.
  std::string details;
};

/// The whole file. Control characters, which XML cannot hold, are replaced.
std::string to_junit(std::string_view suite, std::span<const JunitCase> cases);

}  // namespace sunder::results
