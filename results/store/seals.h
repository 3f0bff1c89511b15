#pragma once
// evidence.json: the seals of the files that a run recorded, written when the recording has ended.
// Without it nobody can tell whether the end of a file is missing.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "checker/history/seal.h"
#include "results/store/run_store.h"

namespace sunder::results {

/// By the file's path in the run's folder: "trace/n1.jsonl".
using Seals = std::map<std::string, history::Seal>;

/// Seals the history, the traces and what the witnesses recorded, as far as they are there.
void seal_evidence(const RunStore& store);

/// Throws std::invalid_argument that says what is wrong with the file.
Seals read_seals(const std::filesystem::path& path);

}  // namespace sunder::results
