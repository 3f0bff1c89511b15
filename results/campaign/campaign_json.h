#pragma once
// campaign.json: a campaign as scripts, `--resume`, `merge` and later campaigns read it.
//
// { "name": TEXT, "id": "20261125T211500Z", "spec": {...}, "seconds": X, "jobs": N,
//   "shard": "1/1", "matrix_runs": N, "vocabulary": [TEXT], "situations": [TEXT],
//   "result": "valid" | "unknown" |
//   "invalid" | "failed", "reasons": [TEXT],
//   "runs": [{"system": TEXT, "workload": TEXT, "nemesis": TEXT, "mutant": TEXT, "seed": N,
//     "first_seed": N, "repetition": N, "canary": BOOL, "known_bad": BOOL, "arguments": [TEXT],
//     "expected_seconds": X,
//     "outcome": null | {"ending": "judged" | "crashed" | "hung", "validity": null | "valid" |
//       "unknown" | "invalid", "sentence": TEXT, "seconds": X, "folder": TEXT,
//       "signature": null | {"property": TEXT, "shape": TEXT, "faults": [TEXT]},
//       "violation_at": null | X, "operations": N, "faults": N, "injected": [TEXT],
//       "events": [TEXT], "situations": [TEXT], "new_states": N}}]}

#include <filesystem>
#include <string>
#include <string_view>

#include "results/campaign/campaign.h"

namespace sunder::results {

/// Indented, with a newline at its end.
std::string to_campaign_json(const Campaign& campaign);

/// Throws std::runtime_error that names the member.
Campaign parse_campaign_json(std::string_view text);

/// The campaign of a folder. Throws std::runtime_error naming the file.
Campaign read_campaign(const std::filesystem::path& folder);

}  // namespace sunder::results
