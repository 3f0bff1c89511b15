#pragma once
// A fault with a trigger is armed at its time and strikes at the first event that fits:
//
//   "trigger":{"event":"became_leader","first_in_term":true,"count":1,"within":"10s"}
//
// `first_in_term` (default false) takes only the first such event of each term, whichever node it
// happens to: the first append of a term is the new leader's own. `count` (default 1) lets so many
// minus one pass, `after` (default 0) strikes so long behind the event. If nothing fits `within`
// that time the fault is skipped.

#include <cstdint>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "nemesis/schedule/observation.h"
#include "node/api/duration.h"

namespace sunder::nemesis {

struct Trigger {
  NodeEvent event = NodeEvent::became_leader;
  bool first_in_term = false;
  int count = 1;
  Duration within = std::chrono::seconds(10);
  /// From the event to the strike.
  Duration after{0};
  bool operator==(const Trigger&) const = default;
};

nlohmann::ordered_json to_json(const Trigger& trigger);
Trigger trigger_from_json(const nlohmann::json& json, std::string_view where);

/// An armed trigger.
class TriggerWatch {
 public:
  /// Terms up to `newest_term` have begun before: for them no event is the first.
  TriggerWatch(const Trigger& trigger, std::uint64_t newest_term)
      : trigger_(trigger), newest_term_(newest_term) {}

  /// True for the event that the trigger waits for; once.
  bool fires(const Observation& observation);

 private:
  Trigger trigger_;
  std::uint64_t newest_term_;
  int seen_ = 0;
};

}  // namespace sunder::nemesis
