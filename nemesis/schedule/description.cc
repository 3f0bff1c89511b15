#include "nemesis/schedule/description.h"

#include <algorithm>

#include <fmt/format.h>

#include "nemesis/schedule/observation.h"

namespace sunder::nemesis {
namespace {

/// "became_leader", "most-behind" as people write it.
std::string in_words(std::string_view name) {
  std::string words(name);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return words;
}

std::string describe(const ClockSetting& setting) {
  std::string text;
  if (setting.rate != 1) text += fmt::format(" x{}", setting.rate);
  if (setting.ahead > Duration::zero()) text += fmt::format(" {} ahead", to_text(setting.ahead));
  if (setting.ahead < Duration::zero()) text += fmt::format(" {} behind", to_text(-setting.ahead));
  return text;
}

}  // namespace

std::string describe(const Fault& fault) {
  std::string text(kind_of(fault));
  if (!fault.ambush.empty()) text = fmt::format("ambush {}: {}", fault.ambush, text);
  if (const auto* membership = std::get_if<Membership>(&fault.action)) {
    text += fmt::format(" {}", membership_change_names().name(membership->change));
  }
  if (const auto* disk = std::get_if<DiskFault>(&fault.action)) {
    text += fmt::format(" {}", disk_trouble_names().name(disk->trouble));
  }
  if (const auto* clock = std::get_if<ClockFault>(&fault.action)) {
    text += describe(clock->setting);
  }
  if (const auto* partition = std::get_if<Partition>(&fault.action)) {
    text += fmt::format(" {}", partition_shape_names().name(partition->shape));
    if (partition->shape == PartitionShape::majorities_ring) return text;
  }
  if (const auto* message = std::get_if<MessageFault>(&fault.action)) {
    for (const auto type : message->types) {
      text += fmt::format(" {}", frame_type_names().name(type));
    }
  }
  if (fault.target.rule != TargetRule::nodes) {
    return text + fmt::format(" {}", in_words(target_rule_names().name(fault.target.rule)));
  }
  for (NodeNumber node : fault.target.nodes) text += fmt::format(" {}", node_name(node));
  return text;
}

std::string describe_moment(const Fault& fault) {
  if (!fault.trigger) return fmt::format("at {}", to_text(fault.at));
  const auto& trigger = *fault.trigger;
  std::string text =
      fmt::format("when a node {}", in_words(node_event_names().name(trigger.event)));
  if (trigger.first_in_term) text += ", first in its term";
  if (trigger.count > 1) text += fmt::format(", time {}", trigger.count);
  if (fault.at > Duration::zero()) text += fmt::format(" after {}", to_text(fault.at));
  return text;
}

}  // namespace sunder::nemesis
