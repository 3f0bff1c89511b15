#include "harness/judge/run_report.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/input_error.h"
#include "checker/raft/asked_roles.h"
#include "checker/raft/trace_reader.h"
#include "harness/driver/systems.h"
#include "harness/judge/timeline.h"
#include "harness/plan.h"
#include "nemesis/link.h"
#include "results/report/report.h"

namespace sunder::harness {

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::pair<std::string, std::string>> facts_of(const Plan& plan) {
  return {
      {"system",
       plan.mutant.empty() ? system_text(plan) : system_text(plan) + ", mutant " + plan.mutant},
      {"workload", plan.workload},
      {"nemesis", plan.nemeses.empty() ? "none" : fmt::format("{}", fmt::join(plan.nemeses, ", "))},
      {"nodes", std::to_string(plan.nodes)},
      {"clients", std::to_string(plan.concurrency)},
      {"time limit", time_text(plan)},
      {"seed", std::to_string(plan.seed)}};
}

history::Time end_of(const history::History& history) {
  history::Time end{0};
  for (const auto& operation : history.operations) {
    end = std::max({end, operation.invoked_at, operation.returned_at});
  }
  if (!history.faults.empty()) end = std::max(end, history.faults.back().time);
  return end;
}

}  // namespace

std::string draw_report(const results::RunStore& store, const Judgement& judgement) {
  const auto plan = read_plan(store.plan_path());
  results::ReportInput input;
  input.label = store.label();
  input.facts = facts_of(plan);
  input.command = command_line(plan);
  input.plan = text_of(store.plan_path());
  input.schedule = text_of(store.schedule_path());
  input.verdict = judgement.verdict;
  input.statistics = judgement.statistics;
  input.operations = judgement.history.operations;
  const auto records = history::run_records_of(judgement.history);
  input.faults = results::fault_windows(records);
  const auto end = end_of(judgement.history);
  input.nodes_were_asked = find_system(plan.system).says_roles;
  for (const auto number : nemesis::all_nodes(plan.nodes)) {
    const auto node = name_of(number);
    if (std::filesystem::exists(store.trace_path(node))) {
      NodeTimelineBuilder timeline(node, records);
      checker::raft::read_trace(store.trace_path(node),
                                [&](const trace::Record& record) { timeline.add(record); });
      input.nodes.push_back(timeline.finish(end));
    } else if (input.nodes_were_asked && std::filesystem::exists(store.roles_path())) {
      NodeTimelineBuilder timeline(node, records);
      const auto add = [&](const checker::raft::AskedRole& said) {
        if (said.node == node) timeline.add(said);
      };
      try {
        checker::raft::read_asked_roles(store.roles_path(), add);
      } catch (const history::InputError&) {
        // The check "evidence" names the line; the page shows the roles before it.
      }
      input.nodes.push_back(timeline.finish(end));
    }
    input.logs.push_back({node, text_of(store.log_path(node))});
  }
  return results::render_report(input);
}

}  // namespace sunder::harness
