#pragma once
// The runs of a runs folder, newest first. A run in progress has a plan and no verdict yet. A run
// that was cut off has no verdict either, and is not in progress.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checker/verdict.h"
#include "results/report/statistics.h"

namespace sunder::results {

struct RunSummary {
  /// From the runs folder on: "register/20261124T045318Z-7".
  std::string label;
  /// "2026-11-24 04:53:18"
  std::string started;
  /// Of plan.json; empty where it says nothing.
  std::string system;
  std::string workload;
  std::string nemesis;
  std::optional<std::uint64_t> seed;
  bool in_progress = false;
  /// Absent while there is no verdict.
  std::optional<checker::Validity> validity;
  /// The verdict's, or what is wrong with the folder.
  std::string sentence;
  history::Time duration{0};
  OutcomeCounts operations;
  /// The files there are, from the run's folder on: "report.html", "log/n1.log".
  std::vector<std::string> files;
};

/// Throws std::runtime_error if the folder cannot be read. A broken run is listed as such.
std::vector<RunSummary> list_runs(const std::filesystem::path& runs_dir);

}  // namespace sunder::results
