#include "harness/judge.h"

#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/assumptions.h"
#include "checker/history/read.h"
#include "checker/models/catalog.h"
#include "checker/raft/invariants.h"
#include "checker/run_checks.h"
#include "harness/driver/systems.h"
#include "harness/plan.h"
#include "nemesis/node_number.h"
#include "workloads/workload.h"

namespace sunder::harness {

namespace {

std::vector<std::string> kinds_asked(const Plan& plan) {
  std::vector<std::string> kinds;
  for (const auto& nemesis : plan.nemeses) kinds.push_back(nemesis.substr(0, nemesis.find(':')));
  return kinds;
}

// What the nemesis' events say: which faults took effect, who crashed, whether all healed.
struct NemesisAccount {
  std::vector<std::string> injected;
  std::vector<checker::NodeExit> exits;
  const history::Event* recovery = nullptr;
};

// The rest says how faults ended or what came of them.
bool is_injection(std::string_view f) {
  return !f.starts_with("heal-") && !f.starts_with("skip-") && f != "stopped" && f != "disk-report";
}

NemesisAccount account_of(const history::History& history) {
  NemesisAccount account;
  for (const auto& event : history.faults) {
    if (event.f == "crash") {
      const auto text = [&event](std::string_view name) {
        const auto* member = event.value.member(name);
        return member != nullptr && member->text() != nullptr ? *member->text() : std::string("?");
      };
      account.exits.push_back({text("node"), event.time, text("how")});
    } else if (event.f == "recovery") {
      account.recovery = &event;
    } else if (is_injection(event.f)) {
      account.injected.push_back(event.f);
    }
  }
  return account;
}

checker::CheckResult check_recovery(const NemesisAccount& account, const Plan& plan) {
  checker::CheckResult result{"recovery", checker::Validity::unknown, {}, "history", {}, {}};
  if (account.recovery == nullptr) {
    result.message = "the run ended before the system was healed and read once more";
    return result;
  }
  const auto* recovered = account.recovery->value.member("recovered");
  const auto* took = account.recovery->value.member("took_ms");
  if (recovered != nullptr && *recovered == history::Value(true) && took != nullptr) {
    result.validity = checker::Validity::valid;
    result.message = fmt::format("every key was answered within {} ms of the last healing",
                                 history::to_json(*took));
    return result;
  }
  result.validity = checker::Validity::invalid;
  const auto* because = account.recovery->value.member("because");
  result.message =
      because != nullptr && because->text() != nullptr
          ? fmt::format("within {}: {}", nemesis::to_text(plan.recovery_timeout), *because->text())
          : fmt::format("the healed system did not answer every key within {}",
                        nemesis::to_text(plan.recovery_timeout));
  return result;
}

std::vector<checker::CheckResult> raft_checks(const results::RunStore& store, const Plan& plan) {
  std::vector<std::filesystem::path> traces;
  for (const auto node : nemesis::all_nodes(plan.nodes)) {
    traces.push_back(store.trace_path(nemesis::node_name(node)));
  }
  return checker::raft::check_invariants(traces, store.wire_path());
}

std::unique_ptr<checker::ErasedModel> find_model(std::string_view name) {
  if (auto model = checker::make_model(name)) return model;
  std::vector<std::string_view> names;
  for (const auto& entry : checker::model_catalog()) names.push_back(entry.name);
  throw std::invalid_argument(
      fmt::format("unknown model '{}'; there are: {}", name, fmt::join(names, ", ")));
}

}  // namespace

Judgement judge_run(const results::RunStore& store,
                    const checker::LinearizabilityOptions& options) {
  const auto plan = read_plan(store.plan_path());
  const auto& workload = workloads::find_workload(plan.workload);
  Judgement judgement{history::read_history(store.history_path()), {}, {}};
  const auto& history = judgement.history;
  if (workload.unique_values) checker::require_unique_writes(history);
  const auto account = account_of(history);
  std::vector<checker::CheckResult> checks;
  checks.push_back(workload.check(history, options));
  if (find_system(plan.system).traces) {
    for (auto& check : raft_checks(store, plan)) checks.push_back(std::move(check));
  }
  checks.push_back(checker::check_nodes_stayed_up(account.exits));
  checks.push_back(check_recovery(account, plan));
  checks.push_back(checker::check_operations_succeeded(history.operations));
  checks.push_back(checker::check_faults_injected(kinds_asked(plan), account.injected));
  judgement.verdict = checker::combine(std::move(checks));
  judgement.statistics = results::statistics_of(history.operations);
  return judgement;
}

Judgement judge_history(const std::filesystem::path& file, std::string_view model,
                        const checker::LinearizabilityOptions& options) {
  const auto judged_by = find_model(model);
  Judgement judgement{history::read_history(file), {}, {}};
  std::vector<checker::CheckResult> checks;
  checks.push_back(checker::check_linearizability(judgement.history, *judged_by, options));
  checks.push_back(checker::check_operations_succeeded(judgement.history.operations));
  judgement.verdict = checker::combine(std::move(checks));
  judgement.statistics = results::statistics_of(judgement.history.operations);
  return judgement;
}

}  // namespace sunder::harness
