#include "nemesis/kinds/message.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/kinds/link_kind.h"
#include "nemesis/stage/stage.h"
#include "node/api/json_object.h"

namespace sunder::nemesis {
namespace {

// Election timeouts are far longer. A system must answer as usual.
constexpr Duration slight_delay = std::chrono::milliseconds(7);

const EnumNames<DelayShape>& delay_shape_names() {
  static const EnumNames<DelayShape> names{{DelayShape::fixed, "fixed"},
                                           {DelayShape::jitter, "jitter"},
                                           {DelayShape::heavy_tail, "heavy-tail"}};
  return names;
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

/// With every parameter drawn; each kind keeps those that it has.
MessageFault draw_message(MessageEffect effect, Random& random) {
  MessageFault message;
  message.effect = effect;
  message.probability = random.between(0.05, 0.5);
  message.direction = draw_direction("", random);
  message.delay = random.milliseconds_between(1, 100);
  return message;
}

/// Drops, duplicates, reorders or corrupts messages. A refinement is a type of messages, as in
/// "duplicate:vote_reply"; without one, messages of all types are affected.
class MessageKind : public FaultKind {
 public:
  MessageKind(MessageEffect effect, std::string_view name, std::string_view summary, bool has_delay)
      : effect_(effect), name_(name), summary_(summary), has_delay_(has_delay) {}

  std::string_view name() const override { return name_; }
  std::string_view summary() const override { return summary_; }
  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = frame_type_names().all();
    names.push_back(of_clients);
    return names;
  }
  std::vector<Need> needs(std::string_view) const override { return {Need::messages}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    MessageFault message = draw_message(effect_, random);
    if (!has_delay_) message.delay = {};
    if (refinement == of_clients) {
      message.other_end = OtherEnd::clients;
    } else if (!refinement.empty()) {
      message.types = {*frame_type_names().find(refinement)};
    }
    return {{.action = message, .target = draw_link_target(random)}};
  }
  Action read(JsonObject& object) const override {
    MessageFault message;
    message.effect = effect_;
    read_parameters(object, message);
    message.types = read_types(object);
    message.direction = object.choice("direction", direction_names());
    message.other_end = read_other_end(object);
    return message;
  }
  void write(const Action& action, nlohmann::ordered_json& json) const override {
    const auto& message = action.get<MessageFault>();
    write_parameters(message, json);
    for (FrameType type : message.types) json["types"].push_back(frame_type_names().name(type));
    json["direction"] = direction_names().name(message.direction);
    write_other_end(message.other_end, json);
  }
  std::string words(const Action& action) const override {
    std::vector<std::string> words;
    for (const auto type : action.get<MessageFault>().types) {
      words.emplace_back(frame_type_names().name(type));
    }
    const auto other_end = other_end_words(action.get<MessageFault>().other_end);
    if (!other_end.empty()) words.push_back(other_end);
    return fmt::format("{}", fmt::join(words, " "));
  }

  std::set<Link> links(const Fault& fault, int node_count) const override {
    const auto& message = fault.action.get<MessageFault>();
    return links_of(message.direction, node_count, fault.target.nodes, message.other_end);
  }
  std::optional<Refusal> inject(const Fault& fault, const Stage& stage) const override {
    const bool needs_messages = !needs("").empty();
    if (needs_messages && !stage.links.carry_messages()) {
      return Refusal{"the links carry byte streams, not messages"};
    }
    if (!fault.action.get<MessageFault>().types.empty() && stage.links.carry_packets()) {
      return Refusal{"the links carry packets, whose types of messages sunder does not know"};
    }
    if (auto refusal = no_clients(fault.action.get<MessageFault>().other_end, stage.links)) {
      return refusal;
    }
    const auto affected = links(fault, stage.cluster.node_count());
    if (affected.empty()) return no_link(stage.cluster.node_count());
    stage.links.add(fault.id, affected, fault.action.get<MessageFault>(), fault.pick);
    return std::nullopt;
  }
  // A duplicated message delays nothing.
  bool delays_answers(const Action&) const override { return effect_ != MessageEffect::duplicate; }

 protected:
  virtual void read_parameters(JsonObject& object, MessageFault& message) const {
    message.probability = object.number("probability", 0, 1);
    if (has_delay_) message.delay = object.duration("delay");
  }
  virtual void write_parameters(const MessageFault& message, nlohmann::ordered_json& json) const {
    json["probability"] = message.probability;
    if (has_delay_) json["delay"] = to_text(message.delay);
  }

 private:
  MessageEffect effect_;
  std::string_view name_;
  std::string_view summary_;
  bool has_delay_;
};

class DelayKind final : public MessageKind {
 public:
  DelayKind() : MessageKind(MessageEffect::delay, "delay", "deliver messages late", true) {}

  std::vector<std::string_view> refinements() const override {
    std::vector<std::string_view> names = delay_shape_names().all();
    names.push_back("slight");
    names.push_back(of_clients);
    return names;
  }
  // A byte stream can be late.
  std::vector<Need> needs(std::string_view) const override { return {}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    if (refinement == "slight") return draw_slight(random);
    static const std::vector<std::string_view> shapes = delay_shape_names().all();
    MessageFault message = draw_message(MessageEffect::delay, random);
    const Target target = draw_link_target(random);
    message.probability = 1;
    if (refinement == of_clients) {
      message.other_end = OtherEnd::clients;
      refinement = "";
    }
    message.shape =
        *delay_shape_names().find(refinement.empty() ? random.one_of(shapes) : refinement);
    return {{.action = message, .target = target}};
  }
  bool delays_answers(const Action& action) const override {
    const auto& message = action.get<MessageFault>();
    return message.shape != DelayShape::fixed || message.delay > slight_delay;
  }

 protected:
  void read_parameters(JsonObject& object, MessageFault& message) const override {
    MessageKind::read_parameters(object, message);
    message.shape = object.choice("shape", delay_shape_names());
  }
  void write_parameters(const MessageFault& message, nlohmann::ordered_json& json) const override {
    MessageKind::write_parameters(message, json);
    json["shape"] = delay_shape_names().name(message.shape);
  }

 private:
  // A network with a delay of a few milliseconds everywhere.
  static std::vector<Fault> draw_slight(Random& random) {
    MessageFault message;
    message.effect = MessageEffect::delay;
    message.delay = random.milliseconds_between(2, 6);
    return {{.action = message, .target = {TargetRule::all, {}}}};
  }
};

class ThrottleKind final : public MessageKind {
 public:
  ThrottleKind()
      : MessageKind(MessageEffect::throttle, "throttle", "limit the bandwidth of links", false) {}

  std::vector<std::string_view> refinements() const override { return {of_clients}; }
  // A byte stream can be slow.
  std::vector<Need> needs(std::string_view) const override { return {}; }

  std::vector<Fault> draw(std::string_view refinement, Random& random) const override {
    MessageFault message = draw_message(MessageEffect::throttle, random);
    if (refinement == of_clients) message.other_end = OtherEnd::clients;
    const Target target = draw_link_target(random);
    message.delay = {};
    message.probability = 1;
    message.bytes_per_second = static_cast<std::int64_t>(random.between(10'000, 500'000));
    return {{.action = message, .target = target}};
  }

 protected:
  void read_parameters(JsonObject& object, MessageFault& message) const override {
    message.bytes_per_second = object.integer("bytes_per_second", 1, 1'000'000'000'000);
  }
  void write_parameters(const MessageFault& message, nlohmann::ordered_json& json) const override {
    json["bytes_per_second"] = message.bytes_per_second;
  }
};

}  // namespace

const FaultKind& kind_of(const MessageFault& fault) {
  static const MessageKind drop(MessageEffect::drop, "drop", "drop messages", false);
  static const DelayKind delay;
  static const MessageKind duplicate(MessageEffect::duplicate, "duplicate",
                                     "deliver messages twice, the second time late", true);
  static const MessageKind reorder(MessageEffect::reorder, "reorder",
                                   "deliver messages late, so that later ones overtake them", true);
  static const ThrottleKind throttle;
  static const MessageKind corrupt(MessageEffect::corrupt, "corrupt", "change a byte of messages",
                                   false);
  switch (fault.effect) {
    case MessageEffect::drop:
      return drop;
    case MessageEffect::delay:
      return delay;
    case MessageEffect::duplicate:
      return duplicate;
    case MessageEffect::reorder:
      return reorder;
    case MessageEffect::throttle:
      return throttle;
    case MessageEffect::corrupt:
      return corrupt;
  }
  return drop;
}

}  // namespace sunder::nemesis
