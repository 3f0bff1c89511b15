#pragma once
// Chooses the schedules of guided runs. Half of them are schedules that showed new states, a little
// changed; the others are new, of kinds that a bandit draws: those that have shown new states most,
// and those that were tried least. Invariant: the same seed and the same lessons give the same
// schedules.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/raft/coverage.h"
#include "nemesis/kinds/fault_kinds.h"
#include "nemesis/schedule/random.h"
#include "nemesis/schedule/schedule.h"

namespace sunder::harness::campaign {

class Explorer {
 public:
  struct Options {
    /// What faults may be drawn.
    std::vector<nemesis::FaultChoice> choices;
    nemesis::Duration time_limit{};
    nemesis::Duration interval{};
    std::uint64_t seed = 0;
  };

  explicit Explorer(Options options);

  nemesis::Schedule propose();

  /// The states that a run under the schedule went through.
  void learn(const nemesis::Schedule& schedule, const checker::raft::StateSet& states);

 private:
  /// A schedule that showed new states.
  struct Seed {
    nemesis::Schedule schedule;
    double worth = 0;
    int times_chosen = 0;
  };
  /// One kind of faults.
  struct Arm {
    std::vector<nemesis::FaultChoice> choices;
    double reward = 0;
    int plays = 0;
  };
  nemesis::Schedule fresh();
  nemesis::Schedule varied();
  double promise_of(const Arm& arm, double all_plays);

  Options options_;
  nemesis::Random random_;
  checker::raft::StateSet known_;
  double most_new_ = 1;
  std::vector<Seed> corpus_;
  /// By the name of the kind.
  std::map<std::string, Arm> arms_;
};

}  // namespace sunder::harness::campaign
