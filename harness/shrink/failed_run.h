#pragma once
// A stored run that failed, as the start of replaying and shrinking it.

#include <filesystem>
#include <optional>

#include "harness/shrink/candidate.h"
#include "harness/shrink/reductions.h"
#include "results/campaign/signature.h"

namespace sunder::harness::shrink {

struct FailedRun {
  /// The run's own folder, not a link to it.
  std::filesystem::path folder;
  Candidate candidate;
  results::Signature signature;
  /// When it happened, if the proof says so.
  std::optional<history::Time> violation_at;
};

/// Throws std::invalid_argument if there is no run at the path, it was not judged, or it broke
/// nothing.
FailedRun read_failed_run(const std::filesystem::path& path);

/// What the run recorded of faults and nodes.
Recording read_recording(const std::filesystem::path& folder);

}  // namespace sunder::harness::shrink
