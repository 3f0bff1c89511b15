#include "nemesis/schedule/trigger.h"

#include <nlohmann/json.hpp>

#include "node/api/json_object.h"

namespace sunder::nemesis {

nlohmann::ordered_json to_json(const Trigger& trigger) {
  nlohmann::ordered_json json;
  json["event"] = node_event_names().name(trigger.event);
  if (trigger.first_in_term) json["first_in_term"] = true;
  if (trigger.count != 1) json["count"] = trigger.count;
  json["within"] = to_text(trigger.within);
  if (trigger.after > Duration::zero()) json["after"] = to_text(trigger.after);
  return json;
}

Trigger trigger_from_json(const nlohmann::json& json, std::string_view where) {
  JsonObject object(json, std::string(where));
  Trigger trigger;
  trigger.event = object.choice("event", node_event_names());
  trigger.first_in_term = object.optional_boolean("first_in_term").value_or(false);
  if (object.has("count")) {
    trigger.count = static_cast<int>(object.integer("count", 1, 1'000'000));
  }
  trigger.within = object.duration("within");
  if (object.has("after")) trigger.after = object.duration("after");
  object.done();
  return trigger;
}

bool TriggerWatch::fires(const Observation& observation) {
  if (observation.event != trigger_.event) return false;
  if (trigger_.first_in_term) {
    if (observation.term <= newest_term_) return false;
    newest_term_ = observation.term;
  }
  return ++seen_ == trigger_.count;
}

}  // namespace sunder::nemesis
