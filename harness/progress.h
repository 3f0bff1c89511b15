#pragma once
// What a person sees while a run or a campaign goes on: one line, refreshed in place on a terminal,
// a new line now and then elsewhere.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/run/history_recorder.h"

namespace sunder::harness {

struct Snapshot {
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds time_limit{0};
  Counts counts;
  /// "n3"; empty while there is none.
  std::string leader;
  std::uint64_t term = 0;
  std::vector<std::string> faults;
  /// "healing", "reading once more"; empty in the main phase.
  std::string phase;
};

/// "12.3 of 30s   4512 ok, 31 failed, 12 unknown   leader n3, term 7   kill n2, pause n4"
std::string format_progress(const Snapshot& snapshot);

class Progress {
 public:
  /// Writes to standard error.
  explicit Progress(bool terminal) : terminal_(terminal) {}
  /// For whoever reports on something larger.
  static Progress silent() { return Progress(true, true); }
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  bool on_terminal() const { return terminal_; }
  /// How often show() is worth calling.
  std::chrono::milliseconds interval() const;
  void show(const std::string& line);
  /// A line of its own, above the refreshed one.
  void say(const std::string& text);

 private:
  Progress(bool terminal, bool silent) : terminal_(terminal), silent_(silent) {}
  void clear();

  bool terminal_;
  bool silent_ = false;
  bool shown_ = false;
};

}  // namespace sunder::harness
