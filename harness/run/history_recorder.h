#pragma once
// Writes the history of a run as it happens. Each event is written (one write, not buffered) before
// `invoked` returns, hence before the call leaves. The order of lines is the order of events.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "checker/history/event.h"
#include "checker/history/run_event.h"
#include "harness/run/append_file.h"
#include "harness/run/run_clock.h"
#include "workloads/generator.h"

namespace sunder::harness {

/// How many operations ended in each way.
struct Counts {
  std::int64_t ok = 0;
  std::int64_t fail = 0;
  std::int64_t info = 0;
};

class HistoryRecorder {
 public:
  /// Called for each event once it is written.
  using OnEvent = std::function<void(const history::Event& event)>;

  /// Creates the file. Throws std::runtime_error naming it.
  HistoryRecorder(const std::filesystem::path& path, const RunClock& clock, OnEvent on_event);

  void invoked(history::ProcessId process, const workloads::Call& call);
  void completed(history::ProcessId process, const workloads::Call& call,
                 const workloads::Completion& completion);
  void record(const history::RunEvent& event);

  const Counts& counts() const { return counts_; }

 private:
  /// `index` and `time` are filled in.
  void append(history::Event event);

  AppendFile file_;
  const RunClock& clock_;
  OnEvent on_event_;
  std::int64_t next_index_ = 0;
  Counts counts_;
  std::string line_;
};

}  // namespace sunder::harness
