#pragma once
// What a user asks for with `--nemesis kill:leader,partition`.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nemesis/schedule/fault_kind.h"

namespace sunder::nemesis {

/// One item of `--nemesis`.
struct FaultChoice {
  const NemesisOption* option = nullptr;
  /// May be empty.
  std::string refinement;
  bool operator==(const FaultChoice&) const = default;
};

/// "kill:leader"
std::string text_of(const FaultChoice& choice);

/// "all" and "swarm": they draw kinds that the user did not name.
bool is_composite(std::string_view nemesis);

/// Whether faults of an option can take effect on the system under test.
using TakesEffect = std::function<bool(std::string_view option)>;

/// Reads "kill,partition:bridge". "none" and "" give no faults, "all" gives every option, and
/// "swarm" gives a random few of them, drawn from the seed: many runs that each leave out some
/// faults find more than runs that all inject every fault. Throws std::invalid_argument if a name
/// is unknown, saying what there is, or if "swarm" has no seed. "all" and "swarm" leave out what
/// does not take effect. Without faulty disks they also leave out what needs them, and an ambush
/// without a name is one of those that need none. `has_faulty_disks` may take time; it is called
/// only in these cases.
std::vector<FaultChoice> parse_nemeses(
    std::string_view text, std::optional<std::uint64_t> seed = {},
    const std::function<bool()>& has_faulty_disks = [] { return true; },
    const TakesEffect& takes_effect = [](std::string_view) { return true; });

}  // namespace sunder::nemesis
