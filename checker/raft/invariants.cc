#include "checker/raft/invariants.h"

#include <fmt/format.h>

#include "checker/raft/trace_reader.h"

namespace sunder::checker::raft {

Invariants::Invariants() {
  for (const auto make :
       {make_election_safety, make_leader_append_only, make_log_matching, make_leader_completeness,
        make_state_machine_safety, make_election_majority, make_election_restriction,
        make_election_timer, make_configuration_rule, make_commitment, make_acknowledgement,
        make_durability}) {
    properties_.push_back(make());
  }
}

void Invariants::observe(const trace::Record& record) {
  auto& state = nodes_[record.node];
  for (auto& property : properties_) property->observe(record, state);
  if (!trace::is_of_a_witness(record.event)) state.observe(record);
}

void Invariants::doubt(std::string reason) {
  doubts_.push_back(std::move(reason));
}

std::vector<CheckResult> Invariants::finish() {
  for (const auto& [node, state] : nodes_) {
    if (!state.complaint().empty()) doubt(state.complaint());
  }
  if (nodes_.empty() && doubts_.empty()) doubt("there are no traces");
  const bool traces_are_whole = doubts_.empty();
  std::vector<CheckResult> results;
  for (auto& property : properties_) {
    property->finish(traces_are_whole);
    auto result = property->result();
    if (result.validity == Validity::valid && !doubts_.empty()) {
      result.validity = Validity::unknown;
      result.message = doubts_.front();
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<CheckResult> check_invariants(const std::vector<std::filesystem::path>& traces,
                                          const std::vector<std::filesystem::path>& witnesses) {
  Invariants invariants;
  for (const auto& path : witnesses) {
    if (!std::filesystem::exists(path)) continue;
    read_trace(path, [&](const trace::Record& record) { invariants.observe(record); });
  }
  for (const auto& path : traces) {
    if (!std::filesystem::exists(path)) {
      invariants.doubt(fmt::format("there is no trace {}", path.string()));
      continue;
    }
    bool is_empty = true;
    read_trace(path, [&](const trace::Record& record) {
      is_empty = false;
      invariants.observe(record);
    });
    if (is_empty) invariants.doubt(fmt::format("the trace {} is empty", path.string()));
  }
  return invariants.finish();
}

}  // namespace sunder::checker::raft
