#pragma once
// A fault is data: what is broken, on which nodes, when, and for how long. How it is injected and
// healed is the affair of its kind (fault_kind.h). In JSON a fault is one object:
//
//   {"id":3,"kind":"partition","shape":"bridge","target":"one","at":"1250ms","duration":"2s",
//    "pick":71}
//
// `target` is the name of a rule or a list of nodes, ["n1","n4"]. `pick` seeds the choices that are
// made at the moment of injection. `trigger` (trigger.h) and `ambush`, a name, are optional.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "checker/history/value.h"
#include "nemesis/schedule/action.h"
#include "nemesis/schedule/target.h"
#include "nemesis/schedule/trigger.h"
#include "node/api/duration.h"

namespace sunder::nemesis {

struct Fault {
  /// Unique in its schedule.
  int id = 0;
  Action action;
  Target target = {};
  /// Since the start of the schedule. With a trigger: when it is armed.
  Duration at{0};
  Duration duration{0};
  std::uint64_t pick = 0;
  std::optional<Trigger> trigger = {};
  /// The ambush that the fault belongs to; empty for none.
  std::string ambush = {};
  bool operator==(const Fault&) const = default;
};

/// What the user asked for: "ambush" for a fault of an ambush, else the name of the fault's kind.
/// It is also `f` in the history.
std::string_view nemesis_of(const Fault& fault);

nlohmann::ordered_json to_json(const Fault& fault);

/// Throws std::invalid_argument if a member is missing, unknown or not allowed. The message begins
/// with `where` ("faults[2]").
Fault fault_from_json(const nlohmann::json& json, std::string_view where);

/// What the fault did that an event of a history describes: `fields` has its kind and parameters.
/// Empty if this version of sunder does not know them.
std::optional<Action> recorded_action(const history::Value& fields);

}  // namespace sunder::nemesis
