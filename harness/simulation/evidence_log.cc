#include "harness/simulation/evidence_log.h"

#include <fmt/format.h>

#include "nemesis/link.h"

namespace sunder::harness::simulation {

void EvidenceLog::on_event(const history::Event& event) {
  auto copy = event;
  history_.add(copy, event.index + 1);
}

void EvidenceLog::on_trace(const trace::Record& record) {
  invariants_.observe(record);
  ++records_[record.node];
  const auto name = trace::name_of(record.event);
  const auto found = traced_.find(name);
  if (found == traced_.end()) {
    traced_.emplace(name, 1);
  } else {
    ++found->second;
  }
}

Evidence EvidenceLog::take() {
  for (const auto node : nemesis::all_nodes(nodes_)) {
    if (records_.contains(node)) continue;
    invariants_.doubt(fmt::format("{} traced nothing", name_of(node)));
  }
  return {history_.finish({}), invariants_.finish()};
}

}  // namespace sunder::harness::simulation
