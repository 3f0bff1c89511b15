#pragma once
// For tests of what is left out: candidates whose faults are told apart by their numbers.

#include <chrono>
#include <vector>

#include "harness/shrink/candidate.h"
#include "nemesis/kinds/kill.h"

namespace sunder::harness::shrink {

/// Kills numbered from 1 on, one a second.
inline Candidate candidate_with(int faults) {
  using namespace std::chrono_literals;
  Candidate candidate;
  for (int id = 1; id <= faults; ++id) {
    candidate.schedule.faults.push_back(
        {.id = id, .action = nemesis::Kill{}, .at = id * 1s, .duration = 500ms});
  }
  return candidate;
}

inline std::vector<int> ids_of(const Candidate& candidate) {
  std::vector<int> ids;
  for (const auto& fault : candidate.schedule.faults) ids.push_back(fault.id);
  return ids;
}

}  // namespace sunder::harness::shrink
