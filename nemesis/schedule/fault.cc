#include "nemesis/schedule/fault.h"

#include <algorithm>
#include <limits>

#include "nemesis/kinds/fault_kinds.h"
#include "nemesis/schedule/json_object.h"

namespace sunder::nemesis {
namespace {

struct KindName {
  std::string_view operator()(const Kill&) const { return "kill"; }
  std::string_view operator()(const Pause&) const { return "pause"; }
  std::string_view operator()(const RestartStorm&) const { return "restart-storm"; }
  std::string_view operator()(const SlowStart&) const { return "slow-start"; }
  std::string_view operator()(const Partition&) const { return "partition"; }
  std::string_view operator()(const Cut&) const { return "cut"; }
  std::string_view operator()(const Reset&) const { return "reset"; }
  std::string_view operator()(const MessageFault& fault) const {
    return message_effect_names().name(fault.effect);
  }
  std::string_view operator()(const Transfer&) const { return "transfer"; }
  std::string_view operator()(const Membership&) const { return "membership"; }
  std::string_view operator()(const PowerLoss&) const { return "power-loss"; }
  std::string_view operator()(const DiskFault&) const { return "disk"; }
  std::string_view operator()(const ClockFault&) const { return "clock"; }
};

struct WriteParameters {
  nlohmann::ordered_json& json;
  void operator()(const Kill&) const {}
  void operator()(const Pause&) const {}
  void operator()(const RestartStorm& storm) const {
    json["down"] = to_text(storm.down);
    json["up"] = to_text(storm.up);
  }
  void operator()(const SlowStart&) const {}
  void operator()(const Partition& partition) const {
    json["shape"] = partition_shape_names().name(partition.shape);
  }
  void operator()(const Cut& cut) const {
    json["direction"] = direction_names().name(cut.direction);
  }
  void operator()(const Reset& reset) const {
    json["every"] = to_text(reset.every);
    json["direction"] = direction_names().name(reset.direction);
  }
  void operator()(const MessageFault& fault) const { write_json(json, fault); }
  void operator()(const Transfer&) const {}
  void operator()(const Membership& membership) const {
    json["change"] = membership_change_names().name(membership.change);
  }
  void operator()(const PowerLoss& loss) const {
    json["unsynced"] = unsynced_names().name(loss.unsynced);
  }
  void operator()(const DiskFault& fault) const {
    json["trouble"] = disk_trouble_names().name(fault.trouble);
    if (fault.trouble == DiskTrouble::slow) json["delay"] = to_text(fault.delay);
  }
  void operator()(const ClockFault& fault) const {
    const ClockSetting& setting = fault.setting;
    json["rate"] = setting.rate;
    if (setting.ahead > Duration::zero()) json["ahead"] = to_text(setting.ahead);
    if (setting.ahead < Duration::zero()) json["behind"] = to_text(-setting.ahead);
  }
};

Action read_action(JsonObject& object) {
  std::vector<std::string_view> names;
  for (const FaultKind& kind : fault_kinds()) {
    if (kind.read != nullptr) names.push_back(kind.name);
  }
  const std::string allowed = fmt::format("one of {}", fmt::join(names, ", "));
  const std::string name = object.text("kind", allowed);
  for (const FaultKind& kind : fault_kinds()) {
    if (kind.name == name && kind.read != nullptr) return kind.read(object);
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
    const NodeNumber node = name.is_string() ? node_number(name.get<std::string>()) : 0;
    if (node == 0) object.refuse("target", allowed);
    target.nodes.push_back(node);
  }
  std::sort(target.nodes.begin(), target.nodes.end());
  target.nodes.erase(std::unique(target.nodes.begin(), target.nodes.end()), target.nodes.end());
  return target;
}

nlohmann::ordered_json target_json(const Target& target) {
  if (target.rule != TargetRule::nodes) return target_rule_names().name(target.rule);
  nlohmann::ordered_json names = nlohmann::ordered_json::array();
  for (NodeNumber node : target.nodes) names.push_back(node_name(node));
  return names;
}

}  // namespace

std::string_view kind_of(const Fault& fault) {
  return std::visit(KindName{}, fault.action);
}

std::string_view nemesis_of(const Fault& fault) {
  return fault.ambush.empty() ? kind_of(fault) : "ambush";
}

nlohmann::ordered_json to_json(const Fault& fault) {
  nlohmann::ordered_json json;
  json["id"] = fault.id;
  json["kind"] = kind_of(fault);
  std::visit(WriteParameters{json}, fault.action);
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
  Fault fault;
  fault.id = static_cast<int>(object.integer("id", 1, std::numeric_limits<int>::max()));
  fault.action = read_action(object);
  fault.target = read_target(object);
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
    object.refuse("target", "another one, for there is no trigger");
  }
  return fault;
}

}  // namespace sunder::nemesis
