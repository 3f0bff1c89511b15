#pragma once
// For tests of what is left out: candidates whose faults are told apart by their numbers.

#include <chrono>
#include <vector>

#include "harness/shrink/candidate.h"

namespace sunder::harness::shrink {

/// Kills numbered from 1 on, one a second.
inline Candidate candidate_with(int faults) {
  using namespace std::chrono_literals;
  Candidate candidate;
  for (int id = 1; id <= faults; ++id) {
    nemesis::Fault fault;
    fault.id = id;
    fault.action = nemesis::Kill{};
    fault.at = id * 1s;
    fault.duration = 500ms;
    candidate.schedule.faults.push_back(fault);
  }
  return candidate;
}

inline std::vector<int> ids_of(const Candidate& candidate) {
  std::vector<int> ids;
  for (const auto& fault : candidate.schedule.faults) ids.push_back(fault.id);
  return ids;
}

}  // namespace sunder::harness::shrink
