#pragma once
// What the history says of a run besides operations and faults: crashes, stalls, the replies of
// disks and clocks, connections past the proxy. A user who watches the run reads of it at once.

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/driver/driver.h"
#include "harness/progress_line.h"
#include "harness/run/history_file.h"
#include "harness/run/history_recorder.h"
#include "harness/run/proxy_bypass.h"
#include "nemesis/clock_setting.h"
#include "nemesis/link.h"
#include "results/store/run_store.h"

namespace sunder::harness {

class RunReports {
 public:
  /// The references must outlive it. Creates the history; throws std::runtime_error naming it.
  RunReports(const results::RunStore& store, const RunClock& clock, ProgressLine& progress,
             HistoryRecorder::OnEvent on_event);

  HistoryRecorder& history() { return history_; }

  /// A node ended and no fault was the reason.
  void on_crash(NodeId node, const std::string& how);
  /// sunder itself did not run for so long.
  void on_stall(std::chrono::nanoseconds took);
  /// What a power loss cost, which byte was damaged, how often a disk failed.
  void on_disk_reply(NodeId node, const std::string& order, const nlohmann::json& reply);
  void on_clock_set(NodeId node, const nemesis::ClockSetting& shown);
  void on_bypass(const Bypass& bypass);
  /// What was wrong with a driver's own helpers.
  void on_complaint(const std::string& complaint);
  void on_files_report(const FilesReport& report);

 private:
  const results::RunStore& store_;
  ProgressLine& progress_;
  std::optional<std::chrono::steady_clock::time_point> said_stall_at_;
  HistoryFile file_;
  HistoryRecorder history_;
};

}  // namespace sunder::harness
