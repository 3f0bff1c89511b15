#pragma once
// verdict.json: what was proved, and the figures of the run. Scripts may rely on this form. Times
// are nanoseconds from the start of the run; lengths of time are nanoseconds too.
// docs/schema/verdict.schema.json says what each member means, and a test compares the two.
//
// { "validity": "valid" | "unknown" | "invalid", "sentence": TEXT,
//   "checks": [{"name": TEXT, "validity": ..., "message": TEXT, "procedure": TEXT,
//     "evidence": [{"time": N, "node": "n2", "term": N, "index": N, "what": TEXT}],
//     "isolation": see isolation_json.h (only of transactions),
//     "staleness": {"reads": N, "median": STALE, "max": STALE} (only if reads are stale),
//     "counterexample": null | {"key": TEXT, "sentence": TEXT, "culprit": POSITION IN operations,
//       "elements": [VALUE] (only of sets and lists: what the proof is about),
//       "stale": STALE (only if the culprit is stale), STALE: {"age": N, "writes": N},
//       "operations": [{"process": N, "f": TEXT, "key": TEXT, "argument": VALUE, "result": VALUE,
//         "outcome": "ok" | "fail" | "info", "invoked": N, "returned": N | null (may still happen),
//         "invoked_at": TIME, "returned_at": TIME | null}]}}],
//   "assumptions": [TEXT], "warnings": [TEXT],
//   "statistics": {"operations": {"ok": N, "fail": N, "info": N},
//     "by_function": {"read": {"ok": N, "fail": N, "info": N}, ...},
//     "latency": {"p50": N, "p95": N, "p99": N, "max": N}, "duration": N, "ok_per_second": X,
//     "longest_unavailability": N, "unavailable": [{"from": TIME, "until": TIME}],
//     "interval": N, "intervals": [{"ok": N, "fail": N, "info": N, "measured": N, "p50": N,
//       "p95": N, "p99": N, "max": N}]}}

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "checker/verdict.h"
#include "results/report/statistics.h"

namespace sunder::results {

struct StoredVerdict {
  checker::Verdict verdict;
  Statistics statistics;
  /// How a history that could mean something else was read, and what its reader warned of.
  std::vector<std::string> assumptions = {};
  std::vector<std::string> warnings = {};
};

nlohmann::ordered_json json_of(const checker::Verdict& verdict);
nlohmann::ordered_json json_of(const Statistics& statistics);

/// The text of verdict.json, indented, with a newline at its end.
std::string to_verdict_json(const StoredVerdict& stored);

/// Throws std::runtime_error that says what is wrong with the text.
StoredVerdict parse_verdict_json(std::string_view text);

/// Of that file. Throws std::runtime_error that names it and says what is wrong.
StoredVerdict read_verdict_json(const std::filesystem::path& file);

}  // namespace sunder::results
