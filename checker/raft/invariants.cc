#include "checker/raft/invariants.h"

#include <algorithm>
#include <utility>

namespace sunder::checker::raft {

Invariants::Invariants() {
  for (const auto make :
       {make_election_safety, make_leader_append_only, make_log_matching, make_leader_completeness,
        make_state_machine_safety, make_election_majority, make_election_restriction,
        make_election_timer, make_configuration_rule, make_commitment, make_acknowledgement,
        make_durability, make_committed_entries, make_term_order, make_snapshot_agreement,
        make_state_agreement, make_witness_agreement}) {
    properties_.push_back(make());
  }
  auto clients = std::make_unique<ClientCommands>();
  clients_ = clients.get();
  properties_.push_back(std::move(clients));
}

void Invariants::heard(std::span<const history::Operation> operations,
                       std::optional<Index> caught_up_to) {
  clients_->heard(operations, caught_up_to);
}

void Invariants::observe(const trace::Record& record) {
  auto& state = nodes_[record.node];
  for (auto& property : properties_) property->observe(record, state);
  if (!trace::is_of_a_witness(record.event)) state.observe(record);
}

void Invariants::report_gap(Witness witness, std::string reason) {
  gaps_.witnesses.emplace(witness, std::move(reason));
}

void Invariants::report_lost_records(NodeId node, std::string reason) {
  report_gap(Witness::traces, std::move(reason));
  gaps_.nodes.insert(node);
}

std::vector<CheckResult> Invariants::finish() {
  for (const auto& [node, state] : nodes_) {
    if (state.complaint().empty()) continue;
    if (distrusted_.contains(node)) {
      report_lost_records(node, state.complaint());
    } else {
      report_gap(Witness::traces, state.complaint());
    }
  }
  if (nodes_.empty()) report_gap(Witness::traces, "there are no traces");
  std::vector<CheckResult> results;
  // A piece that was promised and is missing is named by the property that is about it.
  const auto is_named = [this](const Property& property) {
    return std::any_of(gaps_.witnesses.begin(), gaps_.witnesses.end(), [&](const auto& gap) {
      return gap.first == Witness::states && property.needs(gap.first);
    });
  };
  for (auto& property : properties_) {
    if (!property->applies() && !is_named(*property)) continue;
    property->finish(gaps_);
    results.push_back(property->result(gaps_));
  }
  return results;
}

}  // namespace sunder::checker::raft
