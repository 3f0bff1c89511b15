#include "harness/simulation/evidence_log.h"

#include <utility>

#include <fmt/format.h>

#include "nemesis/link.h"

namespace sunder::harness::simulation {

void EvidenceLog::on_event(const history::Event& event) {
  ++records_;
  auto copy = event;
  history_.add(copy, event.index + 1);
}

void EvidenceLog::on_trace(const trace::Record& record) {
  on_witness(record);
  tracers_.insert(record.node);
  const auto name = trace::name_of(record.event);
  const auto found = traced_.find(name);
  if (found == traced_.end()) {
    traced_.emplace(name, 1);
  } else {
    ++found->second;
  }
}

void EvidenceLog::on_witness(const trace::Record& record) {
  ++records_;
  invariants_.observe(record);
}

Evidence EvidenceLog::take() {
  std::vector<std::string> gaps;
  for (const auto node : nemesis::all_nodes(nodes_)) {
    if (tracers_.contains(node)) continue;
    gaps.push_back(fmt::format("trace/{}.jsonl is empty", name_of(node)));
    invariants_.report_lost_records(node, gaps.back());
  }
  Evidence evidence;
  evidence.history = history_.finish({});
  invariants_.expect_wire(checker::raft::Gaps::Wire::sealed);
  const auto records = history::run_records_of(evidence.history);
  invariants_.heard(evidence.history.operations, caught_up_to(records));
  evidence.replica_checks = invariants_.finish();
  evidence.completeness = check_evidence(evidence_of_system("raft"), gaps, records_);
  return evidence;
}

}  // namespace sunder::harness::simulation
