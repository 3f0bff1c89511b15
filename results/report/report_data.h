#pragma once
// The data of a run's page as one JSON object. Only page/data.js reads it. Times are
// nanoseconds from the start of the run.
//
//   {"label", "facts": [[name, text]], "command", "plan", "schedule",
//    "verdict": as in verdict.json,
//    "statistics": as in verdict.json,
//    "operations": see operation_columns.h,
//    "faults": [{"kind", "targets": [names], "from", "until": null if never healed, "detail"}],
//    "nodes": [{"node", "roles": [[from, until, "leader", term]],
//               "marks": [[time, kind, term, text, peer]], "marks_left_out": N,
//               "commits": [[time, index]]}],
//    "nodes_were_asked": whether the roles are answers to sunder's questions,
//    "logs": [{"node", "text", "cut": whether its beginning is missing}],
//    "history": {"assumptions", "warnings": [texts], "has_times", "nemesis_events_left_out"}}
// "history" is there only if the page is that of a history that anybody recorded. Its faults have
// "said", the values of their events, and its times are places if "has_times" is false.

#include <nlohmann/json_fwd.hpp>

#include "results/report/report.h"

namespace sunder::results {

/// Of each node's log the page holds the end.
inline constexpr std::size_t most_log_bytes_in_page = std::size_t{128} << 10;
inline constexpr std::size_t most_marks_of_a_kind_in_page = 1'000;
inline constexpr std::size_t most_commit_points_in_page = 500;

nlohmann::ordered_json report_data(const ReportInput& input);

}  // namespace sunder::results
