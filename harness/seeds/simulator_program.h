#pragma once
// The door to sunder-simulator, the program that `sunder simulate` and `sunder replay --simulate`
// execute. It stands beside sunder.

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "harness/seeds/seed_result.h"
#include "harness/seeds/trial.h"
#include "results/store/run_store.h"

namespace sunder::harness::seeds {

struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max() - 1;
};

/// "1..200", or "17" of one seed. Empty if it is none.
std::optional<SeedRange> parse_seed_range(std::string_view text);
std::string text_of(const SeedRange& range);

/// Throws std::runtime_error if the program is not there, std::invalid_argument if the system is
/// not sunder's own node.
void require_simulator(const Plan& plan);

/// False ends the trials.
using OnResult = std::function<bool(const SeedResult& result)>;

enum class SeedsEnd {
  all_tried,
  enough,  ///< `on_result` ended them.
  interrupted,
};

/// Tries the seeds, `jobs` at a time, and hands over each result as it comes. A stop signal ends
/// them. Throws std::runtime_error if the simulator fails.
SeedsEnd try_seeds(const TrialSpec& spec, const SeedRange& range, unsigned jobs,
                   const OnResult& on_result);

/// Conducts that seed's run once more and keeps everything in the folder, which gets the plan and
/// the schedule, too. The run is not judged yet.
void keep_seed(const TrialSpec& spec, std::uint64_t seed, const results::RunStore& store);

}  // namespace sunder::harness::seeds
