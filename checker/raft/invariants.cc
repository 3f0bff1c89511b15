#include "checker/raft/invariants.h"

#include <fmt/format.h>

#include "checker/raft/durability.h"
#include "checker/raft/rules.h"
#include "checker/raft/safety_properties.h"
#include "checker/raft/trace_reader.h"

namespace sunder::checker::raft {

Invariants::Invariants() {
  properties_.push_back(std::make_unique<ElectionSafety>());
  properties_.push_back(std::make_unique<LeaderAppendOnly>());
  properties_.push_back(std::make_unique<LogMatching>());
  properties_.push_back(std::make_unique<LeaderCompleteness>());
  properties_.push_back(std::make_unique<StateMachineSafety>());
  properties_.push_back(std::make_unique<ElectionMajority>());
  properties_.push_back(std::make_unique<ElectionRestriction>());
  properties_.push_back(std::make_unique<ElectionTimer>());
  properties_.push_back(std::make_unique<ConfigurationRule>());
  properties_.push_back(std::make_unique<Commitment>());
  properties_.push_back(std::make_unique<Acknowledgement>());
  properties_.push_back(std::make_unique<Durability>());
}

void Invariants::observe(const trace::Record& record) {
  auto& replica = replicas_[record.node];
  for (auto& property : properties_) property->observe(record, replica);
  if (!trace::is_of_a_witness(record.event)) replica.observe(record);
}

void Invariants::doubt(std::string reason) {
  doubts_.push_back(std::move(reason));
}

std::vector<CheckResult> Invariants::finish() {
  for (const auto& [node, replica] : replicas_) {
    if (!replica.complaint().empty()) doubt(replica.complaint());
  }
  if (replicas_.empty() && doubts_.empty()) doubt("there are no traces");
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
