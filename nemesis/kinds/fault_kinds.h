#pragma once
// The kinds of faults a user can ask for by name, in one table: `--nemesis kill:leader,partition`.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nemesis/schedule/fault.h"
#include "nemesis/schedule/random.h"

namespace sunder::nemesis {

struct FaultKind {
  std::string_view name;
  /// One line, for `sunder list nemeses`.
  std::string_view summary;
  /// What may stand behind the colon. Without a refinement each fault draws one.
  std::vector<std::string_view> refinements;
  /// What it means this time, for one of the refinements or "": actions and targets. Where a
  /// duration is given it is kept, and `at` is counted from the first fault's time.
  std::vector<Fault> (*draw)(std::string_view refinement, Random& random);
  /// The action's parameters, from a schedule file. Null if the name is no action by itself.
  Action (*read)(JsonObject& object);
  /// It needs disks that lose power and fail (disk_faults.h).
  bool needs_disks = false;
};

const std::vector<FaultKind>& fault_kinds();

/// One item of `--nemesis`.
struct FaultChoice {
  const FaultKind* kind = nullptr;
  /// May be empty.
  std::string refinement;
};

/// Whether a kind of fault can have one on the system under test.
using TakesEffect = std::function<bool(std::string_view kind)>;

/// "kill,partition:bridge"; "none" and "" give no faults, "all" gives every kind, and "swarm" a
/// random few of them, drawn from the seed: runs that differ in what they leave out find more than
/// runs that all do everything. Throws std::invalid_argument saying what is not known and what
/// there is, or that a swarm was asked for without a seed. "all" and "swarm" leave out what does
/// not take effect. Without faulty disks they leave out what needs them, and an ambush that is not
/// named is one of those that do not; only for these is `has_faulty_disks` asked, which may take
/// its time.
std::vector<FaultChoice> parse_nemeses(
    std::string_view text, std::optional<std::uint64_t> seed = {},
    const std::function<bool()>& has_faulty_disks = [] { return true; },
    const TakesEffect& takes_effect = [](std::string_view) { return true; });

}  // namespace sunder::nemesis
