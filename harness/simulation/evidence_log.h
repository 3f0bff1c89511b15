#pragma once
// Collects what a simulated run leaves as evidence for the judge, without a file. The records are
// checked as they come and not kept.

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "checker/raft/invariants.h"
#include "harness/judge/judge.h"
#include "harness/simulation/run_log.h"

namespace sunder::harness::simulation {

class EvidenceLog final : public RunLog {
 public:
  /// Of a run with that many nodes.
  explicit EvidenceLog(int nodes) : nodes_(nodes) {}

  void on_event(const history::Event& event) override;
  void on_trace(const trace::Record& record) override;
  void on_wire(const trace::Record& record) override { on_witness(record); }
  void on_disk(const trace::Record& record) override { on_witness(record); }

  /// How often the nodes traced each event: {"became_leader", 3}.
  const std::map<std::string, std::uint64_t, std::less<>>& traced() const { return traced_; }
  /// Once, when the run has ended.
  Evidence take();

 private:
  void on_witness(const trace::Record& record);

  int nodes_;
  history::OperationBuilder history_{"the simulated history"};
  checker::raft::Invariants invariants_;
  std::map<std::string, std::uint64_t, std::less<>> traced_;
  std::set<NodeId> tracers_;
  std::uint64_t records_ = 0;
};

}  // namespace sunder::harness::simulation
