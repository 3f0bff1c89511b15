#pragma once
// The progress of a run or a campaign on stderr: one line, refreshed in place on a terminal;
// elsewhere a new line from time to time.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/run/history_recorder.h"

namespace sunder::harness {

struct RunProgress {
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds time_limit{0};
  Counts counts;
  /// "n3"; empty if no leader is known.
  std::string leader;
  std::uint64_t term = 0;
  std::vector<std::string> faults;
  /// "healing", "reading once more"; empty in the main phase.
  std::string phase;
};

/// "12.3 of 30 s   4512 ok, 90 refused, 12 info, 31 fail   leader n3, term 7   kill n2, pause n4"
std::string format_progress(const RunProgress& snapshot);

class ProgressLine {
 public:
  /// Writes to standard error.
  explicit ProgressLine(bool terminal) : terminal_(terminal) {}
  /// Prints nothing, for a run inside a larger command that reports its own progress.
  static ProgressLine silent() { return ProgressLine(true, true); }
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool on_terminal() const { return terminal_; }
  /// The pause between two calls of show().
  std::chrono::milliseconds interval() const;
  void show(const std::string& line);
  /// Prints a line above the refreshed one.
  void say(const std::string& text);

 private:
  ProgressLine(bool terminal, bool silent) : terminal_(terminal), silent_(silent) {}
  void clear();

  bool terminal_;
  bool silent_ = false;
  bool shown_ = false;
};

}  // namespace sunder::harness
