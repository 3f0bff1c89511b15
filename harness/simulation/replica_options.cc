#include "harness/simulation/replica_options.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "node/mutants/mutant.h"
#include "node/server.h"

namespace sunder::harness::simulation {
namespace {

/// The option's value, if the plan has it.
std::optional<std::string> option(const Plan& plan, const std::string& name) {
  const auto found = plan.system_options.find(name);
  return found == plan.system_options.end() ? std::nullopt : std::optional(found->second);
}

bool is_on(const Plan& plan, const std::string& name, bool usually) {
  const auto value = option(plan, name);
  return value ? *value == "on" : usually;
}

std::uint64_t count(const Plan& plan, const std::string& name, std::uint64_t usually) {
  const auto value = option(plan, name);
  return value ? std::stoull(*value) : usually;
}

template <typename Rule>
bool is_replaced(const std::function<Rule>& rule, const std::function<Rule>& usual) {
  const auto* one = rule.template target<Rule*>();
  const auto* other = usual.template target<Rule*>();
  return one == nullptr || other == nullptr || *one != *other;
}

/// The mistake is in how a node's files are written or read.
bool is_in_the_files(const Mutant& mutant) {
  const auto parts = parts_with(mutant, [] {});
  const DiskRules usual;
  return is_replaced(parts.disk.scan, usual.scan) ||
         is_replaced(parts.disk.replace_file, usual.replace_file) ||
         is_replaced(parts.disk.removal_order, usual.removal_order);
}

}  // namespace

ReplicaOptions replica_options(const Plan& plan) {
  const ServerOptions usual;
  ReplicaOptions options;
  options.snapshot_every = count(plan, "snapshot-every", usual.snapshot_every);
  auto& raft = options.raft;
  raft.election_timeout = plan.election_timeout;
  raft.pre_vote = is_on(plan, "pre-vote", usual.pre_vote);
  raft.check_quorum = is_on(plan, "check-quorum", usual.check_quorum);
  raft.lease = is_on(plan, "lease", usual.lease);
  raft.max_append_bytes = count(plan, "append-bytes", usual.append_bytes);
  raft.snapshot_piece_bytes = count(plan, "piece-bytes", usual.piece_bytes);
  return options;
}

MakeParts parts_of(const Plan& plan, std::function<raft::Time()> now) {
  if (plan.mutant.empty()) return [](TraceSink&) { return Parts{}; };
  const auto& mutant = find_mutant(plan.mutant);
  return [&mutant, now = std::move(now)](TraceSink& trace) {
    return parts_with(mutant, record_reached(trace, mutant, now));
  };
}

std::vector<std::string> differences(const Plan& plan) {
  std::vector<std::string> sentences;
  if (!is_on(plan, "sync", true)) {
    sentences.emplace_back("simulated nodes sync, whatever sync=off says");
  }
  if (!plan.mutant.empty() && is_in_the_files(find_mutant(plan.mutant))) {
    sentences.push_back(fmt::format(
        "the mistake of {} is in a node's files, and simulated nodes have none", plan.mutant));
  }
  return sentences;
}

}  // namespace sunder::harness::simulation
