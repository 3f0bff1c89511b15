#pragma once
// The flags that say how a history file is understood: --model --isolation --keys --order --nil
// --map. All commands that take a history describe them here, so that they read one file in one
// way.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/flags/flags.h"
#include "harness/judge/history_judgement.h"

namespace sunder::harness {

/// How many files one history may have.
constexpr std::size_t most_history_files = 10'000;

void describe_history_flags(FlagSet& flags);

/// The names of all of them, without dashes.
std::vector<std::string> history_flag_names();

/// What --isolation says. Throws std::invalid_argument listing what there is.
std::optional<checker::isolation::Level> isolation_level_in(const Flags& flags);

/// Throws std::invalid_argument that names the flag.
HistoryReading history_reading_from(const Flags& flags);

/// A run is judged by its workload. Throws std::invalid_argument if one of the flags is given.
void refuse_history_flags(const Flags& flags);

}  // namespace sunder::harness
