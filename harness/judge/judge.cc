#include "harness/judge/judge.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/assumptions.h"
#include "checker/history/input_error.h"
#include "checker/history/read.h"
#include "checker/isolation/isolation.h"
#include "checker/run_checks.h"
#include "harness/driver/systems.h"
#include "harness/judge/availability.h"
#include "harness/judge/lost_answers.h"
#include "harness/judge/nemesis_account.h"
#include "harness/workload_choice.h"
#include "nemesis/link.h"

namespace sunder::harness {

namespace {

// A refusal that says what it found, such as an empty queue, is an answer.
bool is_answer(const history::Operation& operation) {
  return operation.outcome == history::Outcome::ok || says_what_it_found(operation);
}

// "k1 (last answered at 3.2 s)": the keys without an answer since then, of those that were read.
std::string stuck_keys(const history::History& history, history::Time since, bool is_sample) {
  constexpr std::size_t most = 10;
  std::map<std::string, std::optional<history::Time>> last_answers;
  std::set<std::string> asked;
  for (const auto& operation : history.operations) {
    if (operation.invoked_at >= since || !is_sample) asked.insert(operation.key);
    auto& last = last_answers[operation.key];
    if (!is_answer(operation)) continue;
    last = std::max(last.value_or(history::Time{0}), operation.returned_at);
  }
  std::vector<std::string> stuck;
  for (const auto& [key, last] : last_answers) {
    if (!asked.contains(key)) continue;
    if (!last) {
      stuck.push_back(fmt::format("{} (never answered)", key));
    } else if (*last < since) {
      stuck.push_back(
          fmt::format("{} (last answered at {:.1f} s)", key, history::seconds_of(*last)));
    }
  }
  const auto more = stuck.size() > most ? stuck.size() - most : 0;
  stuck.resize(stuck.size() - more);
  return fmt::format("{}{}", fmt::join(stuck, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : std::string());
}

// "every key", or of many keys how many were read.
std::string keys_read(const history::Recovery& recovery, const Plan& plan) {
  if (!recovery.keys_read) return "every key";
  return fmt::format("{} of {} keys, drawn by the seed because all would take too long,",
                     *recovery.keys_read, plan.keys);
}

std::string who_leads(const history::Recovery& recovery) {
  if (!recovery.leader || !recovery.term) return "no node led";
  return fmt::format("{} led term {}", *recovery.leader, *recovery.term);
}

checker::CheckResult check_recovery(const history::History& history, const NemesisAccount& account,
                                    const Plan& plan) {
  checker::CheckResult result{"recovery", checker::Validity::unknown, {}, "history", {}, {}};
  if (!account.recovery) {
    result.message = "the run ended before the final reads";
    return result;
  }
  const auto& recovery = *account.recovery;
  if (recovery.recovered) {
    result.validity = checker::Validity::valid;
    result.message = fmt::format(
        "{} {} answered{} within {} ms of the last healing", keys_read(recovery, plan),
        recovery.keys_read ? "were" : "was",
        recovery.caught_up_to ? fmt::format(" and every node had entry {}", *recovery.caught_up_to)
                              : std::string(),
        recovery.took.count());
    return result;
  }
  if (!account.complaints.empty()) {
    result.message =
        fmt::format("not every key was answered; the driver's own processes failed: {}",
                    fmt::join(account.complaints, "; "));
    return result;
  }
  const bool was_stalled =
      std::any_of(account.stalls.begin(), account.stalls.end(), [&](const Stall& stall) {
        return stall.until > account.recovery_time - plan.recovery_timeout;
      });
  if (was_stalled) {
    result.message =
        "not every key was answered; sunder or a node got no processor for a part of the time";
    return result;
  }
  result.validity = checker::Validity::invalid;
  if (recovery.because) {
    result.message = fmt::format("within {}: {}; {}", to_text(plan.recovery_timeout),
                                 *recovery.because, who_leads(recovery));
    return result;
  }
  const auto healed_at = account.recovery_time - plan.recovery_timeout;
  result.message = fmt::format("healed at {:.1f} s, the system did not answer within {}: {}; {}",
                               history::seconds_of(healed_at), to_text(plan.recovery_timeout),
                               stuck_keys(history, healed_at, recovery.keys_read.has_value()),
                               who_leads(recovery));
  return result;
}

checker::CheckResult of_a_system_that_refused_all() {
  return {"recovery",
          checker::Validity::unknown,
          "every operation was refused, before and after the faults",
          "history",
          {},
          {}};
}

// Time for a client to give up on a node that does not answer, and for several elections.
history::Time answer_bound(const Plan& plan) {
  constexpr int election_timeouts = 20;
  return plan.operation_timeout + election_timeouts * plan.election_timeout;
}

// If nodes bypass the proxy, faults of links prove nothing. Other faults do.
checker::CheckResult check_links(const NemesisAccount& account) {
  checker::CheckResult result{"links", checker::Validity::valid, {}, "sockets", {}, {}};
  result.message = "no two nodes were connected past the proxy (sunder looked once a second)";
  if (account.bypasses.empty()) return result;
  const auto bypasses = fmt::format("{}", fmt::join(account.bypasses, ", "));
  if (!account.has_broken_links) {
    result.message =
        fmt::format("no fault broke a link; nodes were connected past the proxy: {}", bypasses);
    return result;
  }
  result.validity = checker::Validity::unknown;
  result.message = fmt::format(
      "nodes were connected past the proxy, where no fault can be injected: {}", bypasses);
  return result;
}

checker::CheckResult check_files(const history::FilesReport& report) {
  return {"files",
          report.passed ? checker::Validity::valid : checker::Validity::invalid,
          report.passed ? fmt::format("{} found nothing wrong in the nodes' files", report.program)
                        : fmt::format("{}: {}", report.program, report.said),
          "its own program",
          {},
          {}};
}

// A run that did not do what it was asked for proves nothing, unless it found a violation.
checker::CheckResult check_time_limit(const Plan& plan) {
  return {"time limit",
          checker::Validity::unknown,
          fmt::format("{}: what was asked for was not done", time_text(plan)),
          "clock",
          {},
          {}};
}

void warn_of_missing_kinds(const Plan& plan, const NemesisAccount& account,
                           std::vector<std::string>& warnings) {
  if (plan.drawn_by.empty()) return;
  const auto missing = checker::kinds_not_injected(fault_kinds(plan), account.injected);
  if (missing.empty()) return;
  warnings.push_back(fmt::format("--nemesis {} drew faults that found no moment: {}", plan.drawn_by,
                                 fmt::join(missing, ", ")));
}

/// What is proved of an incomplete history is not proved of the run.
void weaken(checker::isolation::Account& account, const HistoryGap& gap) {
  for (auto& each : account.levels) {
    if (each.finding != checker::isolation::Finding::proved) continue;
    each.finding = checker::isolation::Finding::not_ruled_out;
    each.open = gap.sentence;
  }
}

/// None of the checks of an incomplete history is valid. What it contradicts is broken only if
/// nothing is missing before it.
void weaken(std::vector<checker::CheckResult>& checks, const HistoryGap& gap) {
  for (auto& check : checks) {
    if (check.isolation && gap.is_sound) weaken(*check.isolation, gap);
    if (check.validity == checker::Validity::unknown) continue;
    if (check.validity == checker::Validity::invalid && gap.is_sound) continue;
    check = {check.name, checker::Validity::unknown, gap.sentence, check.procedure, {}, {}};
  }
}

/// By the level that the user or the workload names, and by a check or a model, as far as the
/// workload has them.
std::vector<checker::CheckResult> check_workload(const history::History& history, const Plan& plan,
                                                 const workloads::Workload& workload,
                                                 const checker::LinearizabilityOptions& options) {
  if (workload.unique_values) checker::require_unique_writes(history);
  std::vector<checker::CheckResult> results;
  if (const auto level = level_of(plan, workload)) {
    results.push_back(
        checker::isolation::check_isolation(history, *level, {options.budget, options.threads}));
  }
  if (workload.check != nullptr) results.push_back(workload.check(history, options.budget));
  if (!workload.model.empty()) {
    results.push_back(checker::check_linearizability(history, *model_of(plan, workload), options));
  }
  return results;
}

/// Of several workloads the names say which: "append: linearizable".
std::vector<checker::CheckResult> check_workloads(const history::History& history, const Plan& plan,
                                                  const checker::LinearizabilityOptions& options) {
  const auto workloads = workloads_of(plan);
  const bool opens_accounts = !history.operations.empty() && history.operations[0].f == "open";
  if (workloads.size() == 1 && !opens_accounts) {
    return check_workload(history, plan, *workloads[0], options);
  }
  const auto parts = workloads::part(history, workloads);
  std::vector<checker::CheckResult> results;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    for (auto& result : check_workload(parts[i], plan, *workloads[i], options)) {
      if (workloads.size() > 1) {
        result.name = fmt::format("{}: {}", workloads[i]->name, result.name);
      }
      results.push_back(std::move(result));
    }
  }
  return results;
}

std::vector<checker::CheckResult> check_clients(const Evidence& evidence, const Plan& plan,
                                                const checker::LinearizabilityOptions& options) {
  try {
    return check_workloads(evidence.history, plan, options);
  } catch (const history::InputError&) {
    if (!evidence.history_gap) throw;
    const bool by_levels = !workloads_of(plan).front()->isolation.empty();
    return {{by_levels ? "isolation" : "linearizable",
             checker::Validity::unknown,
             evidence.history_gap->sentence,
             {},
             {},
             {}}};
  }
}

}  // namespace

Judgement unread(const checker::BudgetSpent& spent) {
  Judgement judgement;
  checker::CheckResult result{"linearizable", checker::Validity::unknown, {}, {}, {}, {}};
  result.message = fmt::format("{} while sunder read the history", spent.what());
  judgement.verdict = checker::combine({std::move(result)});
  return judgement;
}

Judgement judge_run(const results::RunStore& store,
                    const checker::LinearizabilityOptions& options) {
  const auto plan = read_plan(store.plan_path());
  try {
    return judge(plan, read_evidence(store, plan, options.budget), options);
  } catch (const checker::BudgetSpent& spent) {
    return unread(spent);
  }
}

Judgement judge(const Plan& plan, Evidence evidence,
                const checker::LinearizabilityOptions& options) {
  auto checks = check_clients(evidence, plan, options);
  const auto of_clients = static_cast<std::ptrdiff_t>(checks.size());
  Judgement judgement{std::move(evidence.history), {}, {}};
  const auto& history = judgement.history;
  auto& warnings = judgement.history.warnings;
  warnings.insert(warnings.end(), evidence.warnings.begin(), evidence.warnings.end());
  const auto records = history::run_records_of(history);
  const auto account = account_of(records);
  for (const auto& stall : account.stalls) {
    judgement.history.warnings.push_back(
        fmt::format("sunder or a node got no processor from {:.1f} s to {:.1f} s, because the "
                    "machine was too busy; time "
                    "without an answer in that span does not count against the system",
                    history::seconds_of(stall.from), history::seconds_of(stall.until)));
  }
  if (plan.stopped_after) checks.push_back(check_time_limit(plan));
  warn_of_missing_kinds(plan, account, judgement.history.warnings);
  for (auto& warning : account.disks.warnings()) {
    judgement.history.warnings.push_back(std::move(warning));
  }
  const auto& system = find_system(plan.system);
  if (!system.traces) {
    judgement.history.warnings.push_back(fmt::format(
        "{} writes no traces: of the five Raft properties, {}", plan.system,
        system.says_roles ? "only election safety is checked, by the roles that nodes report"
                          : "none is checked"));
    if (account.files) checks.push_back(check_files(*account.files));
    for (const auto& complaint : account.complaints) {
      judgement.history.warnings.push_back(complaint);
    }
    if (evidence.switch_check) {
      checks.push_back(*evidence.switch_check);
    } else if (system.has_doors) {
      checks.push_back(check_links(account));
    }
  }
  checks.push_back(checker::check_nodes_stayed_up(account.exits));
  const bool is_refused = checker::is_every_answer_a_refusal(history);
  checks.push_back(is_refused ? of_a_system_that_refused_all()
                              : check_recovery(history, account, plan));
  // Frozen nodes do not answer.
  if (system.keeps_answering(plan) && !plan.keep_running && !is_refused) {
    const auto bound = answer_bound(plan);
    checks.push_back(
        check_availability(history.operations, records, plan.nodes, bound, plan.concurrency));
    checks.push_back(check_transfers(records, plan.nodes, bound));
  }
  // A client that gives up before the bound could never break it.
  const bool bounds_answers =
      system.answers_within != nullptr && system.answers_within(plan) < plan.operation_timeout;
  if (bounds_answers && !plan.keep_running) {
    checks.push_back(check_answers(history.operations, records, {plan.concurrency, plan.nodes},
                                   system.answers_within(plan)));
  }
  checks.push_back(checker::check_operations_succeeded(history));
  checks.push_back(checker::check_faults_injected(
      fault_kinds(plan), account.injected, account.delays,
      plan.drawn_by.empty() ? checker::MustHappen::each : checker::MustHappen::any));
  if (auto losses = account.disks.check_power_losses()) checks.push_back(std::move(*losses));
  if (evidence.history_gap) weaken(checks, *evidence.history_gap);
  auto& of_replicas = evidence.replica_checks;
  of_replicas.insert(of_replicas.begin(), std::move(evidence.completeness));
  checks.insert(checks.begin() + of_clients, std::make_move_iterator(of_replicas.begin()),
                std::make_move_iterator(of_replicas.end()));
  judgement.verdict = checker::combine(std::move(checks));
  judgement.statistics = results::statistics_of(history.operations);
  return judgement;
}

}  // namespace sunder::harness
