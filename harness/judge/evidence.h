#pragma once
// What a run left to be judged, and what is missing of it. A plan says what its run was to record
// (Plan::evidence). Each piece that is missing, empty, cut or garbled is named, and no check that
// needs it is valid. What contradicts incomplete evidence proves nothing either.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/budget.h"
#include "checker/history/history.h"
#include "checker/history/run_event.h"
#include "checker/verdict.h"
#include "harness/plan.h"
#include "node/api/types.h"
#include "results/store/run_store.h"

namespace sunder::harness {

/// Of a history: why it is not what the run recorded.
struct HistoryGap {
  std::string sentence;
  /// The events that there are happened, and none is missing between them: what they contradict is
  /// broken.
  bool is_sound = false;
};

struct Evidence {
  history::History history;
  /// Of what the replicas said (checker/raft/invariants.h or asked_roles.h); empty if the system
  /// says nothing.
  std::vector<checker::CheckResult> replica_checks;
  /// "links", of a run at a switch.
  std::optional<checker::CheckResult> switch_check = std::nullopt;
  /// "evidence": whether anything is missing.
  checker::CheckResult completeness;
  std::optional<HistoryGap> history_gap;
  std::vector<std::string> warnings;
};

/// What runs of the system record: "history", "traces", "wire", ...
std::vector<std::string> evidence_of_system(std::string_view system);

/// Up to which entry every node had committed when the run ended; absent if that is not known.
std::optional<Index> caught_up_to(std::span<const history::RunRecord> records);

/// The check "evidence".
checker::CheckResult check_evidence(const std::vector<std::string>& kinds,
                                    const std::vector<std::string>& gaps, std::uint64_t records);

/// From the run's folder. Throws nothing for a file that is not there or cannot be read, and
/// checker::BudgetSpent for a history that is too large.
Evidence read_evidence(const results::RunStore& store, const Plan& plan, checker::Budget budget);

}  // namespace sunder::harness
