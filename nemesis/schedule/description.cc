#include "nemesis/schedule/description.h"

#include <algorithm>

#include <fmt/format.h>

#include "nemesis/schedule/fault_kind.h"
#include "nemesis/schedule/observation.h"

namespace sunder::nemesis {
namespace {

/// "became_leader" and "most-behind" as people write them.
std::string in_words(std::string_view name) {
  std::string words(name);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return words;
}

}  // namespace

std::string describe(const Action& action) {
  std::string text(action.kind().name());
  const std::string words = action.kind().words(action);
  return words.empty() ? text : text + " " + words;
}

std::string describe(const Fault& fault) {
  std::string text = describe(fault.action);
  if (!fault.ambush.empty()) text = fmt::format("ambush {}: {}", fault.ambush, text);
  if (!fault.action.kind().has_target(fault.action)) return text;
  if (fault.target.rule != TargetRule::nodes) {
    return text + fmt::format(" {}", in_words(target_rule_names().name(fault.target.rule)));
  }
  for (NodeId node : fault.target.nodes) text += fmt::format(" {}", name_of(node));
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
