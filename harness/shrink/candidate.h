#pragma once
// A run as it could be repeated: what is shrunk.

#include "harness/plan.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness::shrink {

struct Candidate {
  /// Its schedule's file is not looked at: the schedule stands here.
  Plan plan;
  nemesis::Schedule schedule;
};

}  // namespace sunder::harness::shrink
