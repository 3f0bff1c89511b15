#include "results/report/report_data.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "results/report/format.h"
#include "results/report/operation_columns.h"
#include "results/store/value_json.h"
#include "results/store/verdict_json.h"

namespace sunder::results {

using history::Operation;
using Json = nlohmann::ordered_json;

namespace {

std::string_view word_of(Role role) {
  switch (role) {
    case Role::down:
      return "down";
    case Role::follower:
      return "follower";
    case Role::candidate:
      return "candidate";
    case Role::leader:
      break;
  }
  return "leader";
}

Json json_of(const FaultWindow& fault) {
  Json json = {{"kind", fault.kind},
               {"targets", fault.targets},
               {"from", fault.from.count()},
               {"until", fault.until ? Json(fault.until->count()) : Json()},
               {"detail", results::json_of(fault.detail)}};
  if (!fault.said.empty()) json["said"] = fault.said;
  return json;
}

/// The first steps of a witness. A page of more is no explanation.
Json steps_of(const std::string& witness) {
  constexpr std::size_t most = 1000;
  Json steps = Json::array();
  std::size_t left_out = 0;
  std::istringstream lines(witness);
  for (std::string line; std::getline(lines, line);) {
    if (steps.size() < most) {
      steps.push_back(Json::parse(line));
    } else {
      ++left_out;
    }
  }
  return {{"steps", std::move(steps)}, {"left_out", left_out}};
}

Json json_of(const BareHistory& history) {
  Json json{{"assumptions", history.assumptions},
            {"warnings", history.warnings},
            {"has_times", history.has_times},
            {"nemesis_events_left_out", history.nemesis_events_left_out}};
  if (!history.witness.empty()) json["witness"] = steps_of(history.witness);
  return json;
}

/// The first and the last of many commit points, and an even choice of those between.
Json json_of(std::span<const CommitPoint> commits) {
  Json json = Json::array();
  const std::size_t count = std::min(commits.size(), most_commit_points_in_page);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = count < 2 ? 0 : i * (commits.size() - 1) / (count - 1);
    json.push_back({commits[place].time.count(), commits[place].index});
  }
  return json;
}

/// At most the allowed number of each kind, evenly chosen, so that an event that occurs ten
/// thousand times does not hide the others.
Json marks_of(const std::vector<NodeMark>& marks) {
  std::map<std::string_view, std::size_t> totals;
  for (const NodeMark& mark : marks) ++totals[mark.kind];
  std::map<std::string_view, std::size_t> seen;
  Json json = Json::array();
  for (const NodeMark& mark : marks) {
    const std::size_t total = totals[mark.kind];
    const std::size_t allowed = std::min(total, most_marks_of_a_kind_in_page);
    const std::size_t place = ++seen[mark.kind];
    // Steps up `allowed` times while `place` walks through `total`, the last time at its end.
    if (place * allowed / total == (place - 1) * allowed / total) continue;
    json.push_back({mark.time.count(), mark.kind, mark.term, mark.text, mark.peer});
  }
  return json;
}

Json json_of(const NodeTimeline& node) {
  Json roles = Json::array();
  for (const RoleSpan& span : node.roles) {
    roles.push_back({span.from.count(), span.until.count(), word_of(span.role), span.term});
  }
  Json marks = marks_of(node.marks);
  const std::size_t left_out = node.marks.size() - marks.size();
  return {{"node", node.node},
          {"roles", std::move(roles)},
          {"marks", std::move(marks)},
          {"marks_left_out", left_out},
          {"commits", json_of(std::span<const CommitPoint>(node.commits))}};
}

/// The end of the log, from the beginning of a line on.
Json json_of(const NodeLog& log) {
  std::string_view text = log.text;
  const bool cut = text.size() > most_log_bytes_in_page;
  if (cut) {
    text.remove_prefix(text.size() - most_log_bytes_in_page);
    const std::size_t line_end = text.find('\n');
    if (line_end != std::string_view::npos) text.remove_prefix(line_end + 1);
  }
  return {{"node", log.node}, {"text", text}, {"cut", cut}};
}

template <typename Elements>
Json json_of_each(const Elements& elements) {
  Json json = Json::array();
  for (const auto& element : elements) json.push_back(json_of(element));
  return json;
}

/// The places of those that rule out the claimed level.
void add_transactions(std::vector<Operation>& operations,
                      const checker::isolation::Account& account) {
  const auto* claimed = finding_on(account.claimed, account);
  if (claimed == nullptr || claimed->finding != checker::isolation::Finding::ruled_out) return;
  for (const auto& each : account.anomalies.at(claimed->anomaly).transactions) {
    Operation& operation = operations.emplace_back();
    operation.process = each.process;
    operation.invoked = each.invoked;
    operation.returned = each.returned;
  }
}

std::vector<Operation> culprits_of(const checker::Verdict& verdict) {
  std::vector<Operation> operations;
  for (const checker::CheckResult& check : verdict.checks) {
    if (check.isolation) add_transactions(operations, *check.isolation);
    if (!check.counterexample) continue;
    const auto& more = check.counterexample->operations;
    operations.insert(operations.end(), more.begin(), more.end());
  }
  return operations;
}

}  // namespace

Json report_data(const ReportInput& input) {
  const auto chosen = chosen_operations(input.operations, culprits_of(input.verdict));
  Json data = {{"label", input.label},
               {"facts", input.facts},
               {"command", input.command},
               {"plan", input.plan},
               {"schedule", input.schedule},
               {"verdict", results::json_of(input.verdict)},
               {"statistics", results::json_of(input.statistics)},
               {"operations", operation_columns(input.operations, chosen)},
               {"faults", json_of_each(input.faults)},
               {"nodes", json_of_each(input.nodes)},
               {"nodes_were_asked", input.nodes_were_asked},
               {"logs", json_of_each(input.logs)}};
  if (input.history) data["history"] = json_of(*input.history);
  return data;
}

}  // namespace sunder::results
