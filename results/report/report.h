#pragma once
// The page of one run, or of a history that anybody recorded: a single file that opens without a
// network and shows the violations. Everything that came from outside (values, keys, logs, node
// names) travels as JSON data and is put on the page as text only, so it can never become markup.
// Surprise: of a long run not every operation is in the page (see operation_columns.h); the page
// loads the rest from the history when it is given the file.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checker/history/operation.h"
#include "checker/verdict.h"
#include "results/report/fault_window.h"
#include "results/report/statistics.h"

namespace sunder::results {

enum class Role { down, follower, candidate, leader };

struct RoleSpan {
  history::Time from{0};
  history::Time until{0};
  Role role = Role::follower;
  std::uint64_t term = 0;
};

/// An event of a node's trace that is drawn as a mark on its lane.
struct NodeMark {
  history::Time time{0};
  /// The name of the trace event: "started", "became_leader", "truncated", ...
  std::string kind;
  std::uint64_t term = 0;
  /// "voted for n3", "removed its log from 12 on"
  std::string text;
  /// The node whom it is about, if it is another: whom it voted for, whom it follows.
  std::string peer;
};

struct CommitPoint {
  history::Time time{0};
  std::uint64_t index = 0;
};

struct NodeTimeline {
  /// "n1"
  std::string node;
  /// In order, without overlaps.
  std::vector<RoleSpan> roles;
  /// In order.
  std::vector<NodeMark> marks;
  /// How the commit index rose, in order.
  std::vector<CommitPoint> commits;
};

struct NodeLog {
  std::string node;
  std::string text;
};

/// How a history that is no run's was read.
struct BareHistory {
  /// What the file left open, and warnings: texts for people.
  std::vector<std::string> assumptions;
  std::vector<std::string> warnings;
  /// False: every time in the input is the place of an event, counted in milliseconds.
  bool has_times = true;
  /// How many events of the nemesis are in none of the windows.
  std::size_t nemesis_events_left_out = 0;
  /// The lines of a witness (checker/linearizability/witness.h), if the page is to show one.
  std::string witness = {};
};

struct ReportInput {
  /// "register/20261124T045318Z-7"; of a history the name of its file.
  std::string label;
  /// Shown in this order: {"workload", "register"}, {"seed", "7"}, ...
  std::vector<std::pair<std::string, std::string>> facts;
  /// Repeats the run: "sunder run --workload register --seed 7"; of a history, the check.
  std::string command;
  /// The texts of plan.json and schedule.json.
  std::string plan;
  std::string schedule;
  checker::Verdict verdict;
  Statistics statistics;
  std::span<const history::Operation> operations;
  std::vector<FaultWindow> faults;
  /// Empty if the system's nodes report nothing.
  std::vector<NodeTimeline> nodes;
  /// They do so only when sunder asks them.
  bool nodes_were_asked = false;
  std::vector<NodeLog> logs;
  /// Absent of a run. A history has no plan, schedule, nodes or logs.
  std::optional<BareHistory> history = {};
};

std::string render_report(const ReportInput& input);

}  // namespace sunder::results
