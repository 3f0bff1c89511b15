#pragma once
// The kinds of faults a user can ask for by name, in one table: `--nemesis kill:leader,partition`.

#include <string>
#include <string_view>
#include <vector>

#include "nemesis/fault.h"
#include "nemesis/random.h"

namespace sunder::nemesis {

struct FaultKind {
  std::string_view name;
  /// One line, for `sunder list nemeses`.
  std::string_view summary;
  /// What may stand behind the colon. Without a refinement each fault draws one.
  std::vector<std::string_view> refinements;
  /// A fault's action and target, for one of the refinements or "".
  Fault (*draw)(std::string_view refinement, Random& random);
  /// The action's parameters, from a schedule file.
  Action (*read)(JsonObject& object);
};

const std::vector<FaultKind>& fault_kinds();

/// One item of `--nemesis`.
struct FaultChoice {
  const FaultKind* kind = nullptr;
  /// May be empty.
  std::string refinement;
};

/// "kill,partition:bridge"; "none" and "" give no faults. Throws std::invalid_argument saying what
/// is not known and what there is.
std::vector<FaultChoice> parse_nemeses(std::string_view text);

}  // namespace sunder::nemesis
