#include "nemesis/schedule/fault.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/schedule/fault_kind.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

Action read_action(JsonObject& object) {
  std::vector<std::string_view> names;
  for (const FaultKind* kind : fault_kinds()) names.push_back(kind->name());
  const std::string allowed = fmt::format("one of {}", fmt::join(names, ", "));
  const std::string name = object.text("kind", allowed);
  for (const FaultKind* kind : fault_kinds()) {
    if (kind->name() == name) return kind->read(object);
  }
  object.refuse("kind", allowed);
}

Target read_target(JsonObject& object) {
  const std::string allowed = fmt::format("a list of nodes such as [\"n1\",\"n2\"], or one of {}",
                                          fmt::join(target_rule_names().all(), ", "));
  const nlohmann::json& member = object.require("target", allowed);
  if (member.is_string()) {
    std::optional<TargetRule> rule = target_rule_names().find(member.get<std::string>());
    if (!rule) object.refuse("target", allowed);
    return Target{*rule, {}};
  }
  if (!member.is_array() || member.empty()) object.refuse("target", allowed);
  Target target{TargetRule::nodes, {}};
  for (const nlohmann::json& name : member) {
    const auto node = name.is_string() ? node_named(name.get<std::string>()) : std::nullopt;
    if (!node) object.refuse("target", allowed);
    target.nodes.push_back(*node);
  }
  std::sort(target.nodes.begin(), target.nodes.end());
  target.nodes.erase(std::unique(target.nodes.begin(), target.nodes.end()), target.nodes.end());
  return target;
}

nlohmann::ordered_json target_json(const Target& target) {
  if (target.rule != TargetRule::nodes) return target_rule_names().name(target.rule);
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (NodeId node : target.nodes) names.push_back(name_of(node));
  return names;
}

}  // namespace

std::string_view nemesis_of(const Fault& fault) {
  return fault.ambush.empty() ? fault.action.kind().name() : "ambush";
}

nlohmann::ordered_json to_json(const Fault& fault) {
  nlohmann::ordered_json json;
  json["id"] = fault.id;
  json["kind"] = fault.action.kind().name();
  fault.action.kind().write(fault.action, json);
  json["target"] = target_json(fault.target);
  json["at"] = to_text(fault.at);
  json["duration"] = to_text(fault.duration);
  json["pick"] = fault.pick;
  if (fault.trigger) json["trigger"] = to_json(*fault.trigger);
  if (!fault.ambush.empty()) json["ambush"] = fault.ambush;
  return json;
}

Fault fault_from_json(const nlohmann::json& json, std::string_view where) {
  JsonObject object(json, std::string(where));
  const auto id = static_cast<int>(object.integer("id", 1, std::numeric_limits<int>::max()));
  Fault fault{.id = id, .action = read_action(object), .target = read_target(object)};
  fault.at = object.duration("at");
  fault.duration = object.duration("duration");
  constexpr std::int64_t largest_pick = std::numeric_limits<std::int64_t>::max();
  fault.pick = static_cast<std::uint64_t>(object.integer("pick", 0, largest_pick));
  if (const nlohmann::json* trigger = object.find("trigger")) {
    fault.trigger = trigger_from_json(*trigger, fmt::format("{}.trigger", where));
  }
  if (object.find("ambush") != nullptr) fault.ambush = object.text("ambush", "a name");
  object.done();
  if (needs_event(fault.target.rule) && !fault.trigger) {
    object.refuse("target", "a rule that needs no event, because the fault has no trigger");
  }
  return fault;
}

std::optional<Action> recorded_action(const history::Value& fields) {
  try {
    const auto json = nlohmann::json::parse(history::to_json(fields));
    JsonObject object(json, "event");
    return read_action(object);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace sunder::nemesis
