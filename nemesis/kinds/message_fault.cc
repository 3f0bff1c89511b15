#include "nemesis/kinds/message_fault.h"

#include "nemesis/schedule/json_object.h"

namespace sunder::nemesis {
namespace {

bool has_delay(MessageEffect effect) {
  return effect == MessageEffect::delay || effect == MessageEffect::duplicate ||
         effect == MessageEffect::reorder;
}

bool has_probability(MessageEffect effect) {
  return effect != MessageEffect::throttle;
}

std::vector<FrameType> read_types(JsonObject& object) {
  std::vector<FrameType> types;
  const nlohmann::json* list = object.find("types");
  if (list == nullptr) return types;
  const std::string allowed =
      fmt::format("a list of {}", fmt::join(frame_type_names().all(), ", "));
  if (!list->is_array()) object.refuse("types", allowed);
  for (const nlohmann::json& name : *list) {
    const auto type = name.is_string() ? frame_type_names().find(name.get<std::string>())
                                       : std::optional<FrameType>();
    if (!type) object.refuse("types", allowed);
    types.push_back(*type);
  }
  return types;
}

}  // namespace

std::set<Link> links_of(Direction direction, int node_count,
                        const std::vector<NodeNumber>& targets) {
  std::set<Link> links;
  for (NodeNumber target : targets) {
    for (NodeNumber other : all_nodes(node_count)) {
      if (other == target) continue;
      if (direction != Direction::in) links.insert({target, other});
      if (direction != Direction::out) links.insert({other, target});
    }
  }
  return links;
}

void write_json(nlohmann::ordered_json& json, const MessageFault& fault) {
  if (has_probability(fault.effect)) json["probability"] = fault.probability;
  if (has_delay(fault.effect)) json["delay"] = to_text(fault.delay);
  if (fault.effect == MessageEffect::delay) json["shape"] = delay_shape_names().name(fault.shape);
  if (fault.effect == MessageEffect::throttle) json["bytes_per_second"] = fault.bytes_per_second;
  if (!fault.types.empty()) {
    for (FrameType type : fault.types) json["types"].push_back(frame_type_names().name(type));
  }
  json["direction"] = direction_names().name(fault.direction);
}

MessageFault read_message_fault(MessageEffect effect, JsonObject& object) {
  MessageFault fault;
  fault.effect = effect;
  if (has_probability(effect)) fault.probability = object.number("probability", 0, 1);
  if (has_delay(effect)) fault.delay = object.duration("delay");
  if (effect == MessageEffect::delay) fault.shape = object.choice("shape", delay_shape_names());
  if (effect == MessageEffect::throttle) {
    fault.bytes_per_second = object.integer("bytes_per_second", 1, 1'000'000'000'000);
  }
  fault.types = read_types(object);
  fault.direction = object.choice("direction", direction_names());
  return fault;
}

const EnumNames<MessageEffect>& message_effect_names() {
  static const EnumNames<MessageEffect> names{
      {MessageEffect::drop, "drop"},           {MessageEffect::delay, "delay"},
      {MessageEffect::duplicate, "duplicate"}, {MessageEffect::reorder, "reorder"},
      {MessageEffect::throttle, "throttle"},   {MessageEffect::corrupt, "corrupt"}};
  return names;
}

const EnumNames<DelayShape>& delay_shape_names() {
  static const EnumNames<DelayShape> names{{DelayShape::fixed, "fixed"},
                                           {DelayShape::jitter, "jitter"},
                                           {DelayShape::heavy_tail, "heavy-tail"}};
  return names;
}

const EnumNames<Direction>& direction_names() {
  static const EnumNames<Direction> names{
      {Direction::out, "out"}, {Direction::in, "in"}, {Direction::both, "both"}};
  return names;
}

}  // namespace sunder::nemesis
