#pragma once
// A fault with a trigger is armed at its time and strikes at the first event that fits:
//
//   "trigger":{"event":"became_leader","first_in_term":true,"count":1,"within":"10s"}
//
// `first_in_term` (default false): only the first such event of each term fits, on any node. The
// first append of a term is that of the new leader. `count` (default 1): the fault strikes at the
// fitting event with this number. `after` (default 0): the delay from the event to the strike.
// `within`: if no event fits in this time, the fault is skipped.

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
  /// Terms up to `newest_term` began before: no event is the first in them.
  TriggerWatch(const Trigger& trigger, std::uint64_t newest_term)
      : trigger_(trigger), newest_term_(newest_term) {}

  /// True once: for the event that the trigger waits for.
  bool fires(const Observation& observation);

 private:
  Trigger trigger_;
  std::uint64_t newest_term_;
  int seen_ = 0;
};

}  // namespace sunder::nemesis
