#include "nemesis/kinds/fault_kinds.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/schedule/ambush.h"
#include "nemesis/schedule/json_object.h"

namespace sunder::nemesis {
namespace {

// Whom a process fault strikes when the user does not say: mostly one node or the leader, at times
// enough nodes to stop the service.
Target draw_process_target(std::string_view refinement, Random& random) {
  if (!refinement.empty()) return {*target_rule_names().find(refinement), {}};
  static const std::vector<TargetRule> mix{
      TargetRule::one,    TargetRule::one,     TargetRule::one,      TargetRule::leader,
      TargetRule::leader, TargetRule::leader,  TargetRule::minority, TargetRule::minority,
      TargetRule::all,    TargetRule::majority};
  return {random.one_of(mix), {}};
}

// A fault without a trigger has no event.
std::vector<std::string_view> process_targets() {
  std::vector<std::string_view> names = target_rule_names().all();
  std::erase_if(names,
                [](std::string_view name) { return needs_event(*target_rule_names().find(name)); });
  return names;
}

template <Fault (*draw)(std::string_view, Random&)>
std::vector<Fault> one(std::string_view refinement, Random& random) {
  return {draw(refinement, random)};
}

template <class Process>
Fault draw_process_fault(std::string_view refinement, Random& random) {
  Fault fault;
  fault.action = Process{};
  fault.target = draw_process_target(refinement, random);
  return fault;
}

template <class Process>
Action read_plain(JsonObject&) {
  return Process{};
}

Duration milliseconds(double count) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(count));
}

// "recovery" kills a node again while it still reads its log.
Fault draw_restart_storm(std::string_view refinement, Random& random) {
  Fault fault;
  const bool in_recovery = refinement.empty() ? random.chance(0.5) : refinement == "recovery";
  fault.action =
      RestartStorm{milliseconds(random.between(5, 100)),
                   milliseconds(in_recovery ? random.between(1, 30) : random.between(100, 600))};
  fault.target = draw_process_target({}, random);
  return fault;
}

Action read_restart_storm(JsonObject& object) {
  const RestartStorm storm{object.duration("down"), object.duration("up")};
  if (storm.down + storm.up < std::chrono::milliseconds(1)) {
    object.refuse("up", "at least 1ms together with \"down\"");
  }
  return storm;
}

TargetRule target_of(PartitionShape shape) {
  switch (shape) {
    case PartitionShape::halves:
      return TargetRule::half;
    case PartitionShape::majorities_ring:
      return TargetRule::all;
    case PartitionShape::one:
    case PartitionShape::bridge:
    case PartitionShape::one_way:
      return TargetRule::one;
  }
  return TargetRule::one;
}

// "leader" is the shape `one` with the leader as its target. It is drawn most often: whoever leads
// and is not heard is the case that matters most.
Fault draw_partition(std::string_view refinement, Random& random) {
  static const std::vector<std::string_view> shapes{
      "one", "halves", "majorities-ring", "bridge", "leader", "leader", "leader", "one-way"};
  if (refinement.empty()) refinement = random.one_of(shapes);
  Fault fault;
  if (refinement == "leader") {
    fault.action = Partition{PartitionShape::one};
    fault.target.rule = TargetRule::leader;
    return fault;
  }
  const PartitionShape shape = *partition_shape_names().find(refinement);
  fault.action = Partition{shape};
  fault.target.rule = target_of(shape);
  // A leader that is not heard, or does not hear, is the case that matters most.
  if (shape == PartitionShape::one_way && random.chance(0.5)) {
    fault.target.rule = TargetRule::leader;
  }
  return fault;
}

std::vector<std::string_view> partition_refinements() {
  std::vector<std::string_view> names = partition_shape_names().all();
  names.push_back("leader");
  return names;
}

Action read_partition(JsonObject& object) {
  return Partition{object.choice("shape", partition_shape_names())};
}

// A fault of links strikes around one node, the leader, or everywhere.
Target draw_link_target(Random& random) {
  static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader, TargetRule::all};
  return {random.one_of(mix), {}};
}

Direction draw_direction(std::string_view refinement, Random& random) {
  static const std::vector<Direction> all{Direction::out, Direction::in, Direction::both};
  return refinement.empty() ? random.one_of(all) : *direction_names().find(refinement);
}

Fault draw_cut(std::string_view refinement, Random& random) {
  Fault fault;
  fault.action = Cut{draw_direction(refinement, random)};
  fault.target = draw_link_target(random);
  return fault;
}

Action read_cut(JsonObject& object) {
  return Cut{object.choice("direction", direction_names())};
}

Fault draw_reset(std::string_view refinement, Random& random) {
  Fault fault;
  fault.action = Reset{milliseconds(random.between(50, 500)), draw_direction(refinement, random)};
  fault.target = draw_link_target(random);
  return fault;
}

Action read_reset(JsonObject& object) {
  const Reset reset{object.duration("every"), object.choice("direction", direction_names())};
  if (reset.every < std::chrono::milliseconds(1)) object.refuse("every", "at least 1ms");
  return reset;
}

// Refined by a type of message, else mostly all types: "duplicate:vote_reply".
template <MessageEffect effect>
Fault draw_message_fault(std::string_view refinement, Random& random) {
  MessageFault message;
  message.effect = effect;
  message.probability = random.between(0.05, 0.5);
  message.direction = draw_direction({}, random);
  message.delay = milliseconds(random.between(1, 100));
  if (!refinement.empty()) message.types = {*frame_type_names().find(refinement)};
  Fault fault;
  fault.action = message;
  fault.target = draw_link_target(random);
  return fault;
}

// "slight" is a network of a few milliseconds everywhere, in which everything must go on as usual.
Fault draw_slight_delay(Random& random) {
  MessageFault message;
  message.effect = MessageEffect::delay;
  message.direction = Direction::both;
  message.delay = milliseconds(random.between(2, 6));
  Fault fault;
  fault.action = message;
  fault.target.rule = TargetRule::all;
  return fault;
}

std::vector<std::string_view> delay_refinements() {
  std::vector<std::string_view> names = delay_shape_names().all();
  names.push_back("slight");
  return names;
}

Fault draw_delay(std::string_view refinement, Random& random) {
  if (refinement == "slight") return draw_slight_delay(random);
  static const std::vector<std::string_view> shapes = delay_shape_names().all();
  Fault fault = draw_message_fault<MessageEffect::delay>({}, random);
  MessageFault& message = std::get<MessageFault>(fault.action);
  message.probability = 1;
  message.shape =
      *delay_shape_names().find(refinement.empty() ? random.one_of(shapes) : refinement);
  return fault;
}

Fault draw_throttle(std::string_view, Random& random) {
  Fault fault = draw_message_fault<MessageEffect::throttle>({}, random);
  MessageFault& message = std::get<MessageFault>(fault.action);
  message.delay = {};
  message.probability = 1;
  message.bytes_per_second = static_cast<std::int64_t>(random.between(10'000, 500'000));
  return fault;
}

template <MessageEffect effect>
Fault draw_lossy(std::string_view refinement, Random& random) {
  Fault fault = draw_message_fault<effect>(refinement, random);
  std::get<MessageFault>(fault.action).delay = {};
  return fault;
}

template <MessageEffect effect>
Action read_message(JsonObject& object) {
  return read_message_fault(effect, object);
}

Fault draw_transfer(std::string_view refinement, Random& random) {
  static const std::vector<TargetRule> mix{TargetRule::follower, TargetRule::follower,
                                           TargetRule::most_behind};
  Fault fault;
  fault.action = Transfer{};
  fault.target.rule =
      refinement.empty() ? random.one_of(mix) : *target_rule_names().find(refinement);
  return fault;
}

std::vector<std::string_view> membership_refinements() {
  std::vector<std::string_view> names = membership_change_names().all();
  names.push_back("shrink");
  return names;
}

// "shrink" takes a minority out at once: 5 nodes become 3, and grow to 5 again.
Fault draw_membership(std::string_view refinement, Random& random) {
  static const std::vector<std::string_view> changes = membership_refinements();
  static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader};
  if (refinement.empty()) refinement = random.one_of(changes);
  const MembershipChange change =
      membership_change_names().find(refinement).value_or(MembershipChange::remove);
  Fault fault;
  fault.action = Membership{change};
  fault.target.rule = random.one_of(mix);
  if (refinement == "shrink") fault.target.rule = TargetRule::minority;
  if (change == MembershipChange::grow) fault.target.rule = TargetRule::surplus;
  return fault;
}

Action read_membership(JsonObject& object) {
  return Membership{object.choice("change", membership_change_names())};
}

std::vector<std::string_view> power_loss_refinements() {
  std::vector<std::string_view> names = process_targets();
  names.push_back("torn");
  return names;
}

Fault draw_power_loss(std::string_view refinement, Random& random) {
  static const std::vector<TargetRule> mix{TargetRule::one,      TargetRule::leader,
                                           TargetRule::minority, TargetRule::majority,
                                           TargetRule::all,      TargetRule::all};
  const bool is_torn = refinement == "torn" || (refinement.empty() && random.chance(0.3));
  Fault fault;
  fault.action = PowerLoss{is_torn ? Unsynced::torn : Unsynced::lost};
  const bool names_target = !refinement.empty() && refinement != "torn";
  fault.target.rule = names_target ? *target_rule_names().find(refinement) : random.one_of(mix);
  return fault;
}

Action read_power_loss(JsonObject& object) {
  return PowerLoss{object.choice("unsynced", unsynced_names())};
}

// A damaged byte is for a minority at most.
Fault draw_disk(std::string_view refinement, Random& random) {
  static const std::vector<std::string_view> troubles = disk_trouble_names().all();
  static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader,
                                           TargetRule::minority};
  if (refinement.empty()) refinement = random.one_of(troubles);
  DiskFault disk{*disk_trouble_names().find(refinement), {}};
  Fault fault;
  fault.target.rule = random.one_of(mix);
  if (disk.trouble == DiskTrouble::slow) {
    disk.delay = milliseconds(random.between(2, 100));
    // Everyone may be slow; damaged can only be a minority.
    if (random.chance(0.5)) fault.target.rule = TargetRule::all;
  }
  fault.action = disk;
  return fault;
}

Action read_disk(JsonObject& object) {
  DiskFault disk{object.choice("trouble", disk_trouble_names()), {}};
  if (disk.trouble == DiskTrouble::slow) disk.delay = object.duration("delay");
  return disk;
}

const std::vector<std::string_view>& clock_refinements() {
  static const std::vector<std::string_view> names{"fast", "slow", "ahead", "behind"};
  return names;
}

// Rates from what a bad quartz does to what no clock does: the rarer, the worse.
Fault draw_clock(std::string_view refinement, Random& random) {
  static const std::vector<TargetRule> mix{TargetRule::one, TargetRule::leader, TargetRule::leader,
                                           TargetRule::minority, TargetRule::majority};
  if (refinement.empty()) refinement = random.one_of(clock_refinements());
  ClockSetting setting;
  const double factor = std::round(100 * (1 + std::pow(random.unit(), 3) * 9)) / 100 + 0.01;
  const Duration jump = milliseconds(random.between(20, 1500));
  if (refinement == "fast") setting.rate = factor;
  if (refinement == "slow") setting.rate = std::round(1000 / factor) / 1000;
  if (refinement == "ahead") setting.ahead = jump;
  if (refinement == "behind") setting.ahead = -jump;
  Fault fault;
  fault.action = ClockFault{setting};
  fault.target.rule = random.one_of(mix);
  return fault;
}

Action read_clock(JsonObject& object) {
  ClockSetting setting;
  setting.rate = object.number("rate", least_clock_rate, greatest_clock_rate);
  const bool is_ahead = object.find("ahead") != nullptr;
  const bool is_behind = object.find("behind") != nullptr;
  if (is_ahead && is_behind) object.refuse("behind", "absent, for \"ahead\" is there");
  if (is_ahead) setting.ahead = object.duration("ahead");
  if (is_behind) setting.ahead = -object.duration("behind");
  if (setting.ahead > greatest_clock_offset || setting.ahead < -greatest_clock_offset) {
    object.refuse(is_ahead ? "ahead" : "behind", "an hour at most");
  }
  return ClockFault{setting};
}

}  // namespace

const std::vector<FaultKind>& fault_kinds() {
  static const std::vector<std::string_view> rules = process_targets();
  static const std::vector<std::string_view> types = frame_type_names().all();
  static const std::vector<std::string_view> directions = direction_names().all();
  static const std::vector<FaultKind> kinds{
      {"kill", "kill processes by SIGKILL and start them again", rules,
       one<draw_process_fault<Kill>>, read_plain<Kill>},
      {"pause", "stop processes by SIGSTOP and let them continue", rules,
       one<draw_process_fault<Pause>>, read_plain<Pause>},
      {"partition", "cut the network between nodes", partition_refinements(), one<draw_partition>,
       read_partition},
      {"restart-storm",
       "kill and start processes over and over, also while they recover",
       {"recovery", "running"},
       one<draw_restart_storm>,
       read_restart_storm},
      {"slow-start", "kill processes and let them start very slowly", rules,
       one<draw_process_fault<SlowStart>>, read_plain<SlowStart>},
      {"cut", "close connections and let none be made", directions, one<draw_cut>, read_cut},
      {"reset", "tear connections down again and again", directions, one<draw_reset>, read_reset},
      {"drop", "lose single messages", types, one<draw_lossy<MessageEffect::drop>>,
       read_message<MessageEffect::drop>},
      {"delay", "deliver messages late", delay_refinements(), one<draw_delay>,
       read_message<MessageEffect::delay>},
      {"duplicate", "deliver messages twice, the second time late", types,
       one<draw_message_fault<MessageEffect::duplicate>>, read_message<MessageEffect::duplicate>},
      {"reorder", "let messages be overtaken", types,
       one<draw_message_fault<MessageEffect::reorder>>, read_message<MessageEffect::reorder>},
      {"throttle",
       "make links narrow",
       {},
       one<draw_throttle>,
       read_message<MessageEffect::throttle>},
      {"corrupt", "change a bit of messages", types, one<draw_lossy<MessageEffect::corrupt>>,
       read_message<MessageEffect::corrupt>},
      {"transfer",
       "transfer leadership to another node",
       {"follower", "most-behind", "most-ahead"},
       one<draw_transfer>,
       read_plain<Transfer>},
      {"membership", "take voters out, some with their disks emptied, and add them again",
       membership_refinements(), one<draw_membership>, read_membership},
      {"power-loss", "kill processes and drop what they have not synced", power_loss_refinements(),
       one<draw_power_loss>, read_power_loss, true},
      {"disk", "fail a sync, fill the disk, slow it down, damage a byte at rest",
       disk_trouble_names().all(), one<draw_disk>, read_disk, true},
      {"clock", "let clocks run fast or slow, set them ahead or behind", clock_refinements(),
       one<draw_clock>, read_clock},
      {"ambush", "strike at the moment that matters", ambush_names(), draw_ambush, nullptr},
  };
  return kinds;
}

namespace {

std::vector<FaultChoice> every_kind(bool has_faulty_disks, const TakesEffect& takes_effect) {
  std::vector<FaultChoice> choices;
  for (const FaultKind& kind : fault_kinds()) {
    if (kind.needs_disks && !has_faulty_disks) continue;
    if (takes_effect(kind.name)) choices.push_back({&kind, ""});
  }
  return choices;
}

bool is_any_ambush(const FaultChoice& choice) {
  return choice.kind->name == "ambush" && choice.refinement.empty();
}

// Names the ambushes that need no faulty disks where any one was asked for.
std::vector<FaultChoice> without_disks(const std::vector<FaultChoice>& choices) {
  std::vector<FaultChoice> diskless;
  for (const FaultChoice& choice : choices) {
    if (!is_any_ambush(choice)) {
      diskless.push_back(choice);
      continue;
    }
    for (std::string_view name : diskless_ambush_names()) {
      diskless.push_back({choice.kind, std::string(name)});
    }
  }
  return diskless;
}

// At least one kind, four on average.
std::vector<FaultChoice> draw_swarm(std::uint64_t seed, const std::vector<FaultChoice>& all) {
  Random random(seed);
  std::vector<FaultChoice> swarm;
  for (const FaultChoice& choice : all) {
    if (random.chance(4.0 / static_cast<double>(all.size()))) swarm.push_back(choice);
  }
  if (swarm.empty()) swarm.push_back(random.one_of(all));
  return swarm;
}

FaultChoice parse_choice(std::string_view item) {
  const std::size_t colon = item.find(':');
  const std::string_view name = item.substr(0, colon);
  std::vector<std::string_view> names{"none", "all", "swarm"};
  for (const FaultKind& kind : fault_kinds()) {
    names.push_back(kind.name);
    if (kind.name != name) continue;
    if (colon == std::string_view::npos) return {&kind, ""};
    const std::string_view refinement = item.substr(colon + 1);
    const auto& allowed = kind.refinements;
    if (std::find(allowed.begin(), allowed.end(), refinement) == allowed.end()) {
      throw std::invalid_argument(
          fmt::format("unknown refinement \"{}\" of nemesis {}; there are {}", refinement, name,
                      fmt::join(allowed, ", ")));
    }
    return {&kind, std::string(refinement)};
  }
  throw std::invalid_argument(
      fmt::format("unknown nemesis \"{}\"; there are {}", name, fmt::join(names, ", ")));
}

std::vector<FaultChoice> parse_list(std::string_view text) {
  std::vector<FaultChoice> choices;
  while (true) {
    const std::size_t comma = text.find(',');
    FaultChoice choice = parse_choice(text.substr(0, comma));
    for (const FaultChoice& other : choices) {
      if (other.kind == choice.kind && other.refinement == choice.refinement) {
        throw std::invalid_argument(
            fmt::format("nemesis \"{}\" is named twice", text.substr(0, comma)));
      }
    }
    choices.push_back(std::move(choice));
    if (comma == std::string_view::npos) return choices;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::vector<FaultChoice> parse_nemeses(std::string_view text, std::optional<std::uint64_t> seed,
                                       const std::function<bool()>& has_faulty_disks,
                                       const TakesEffect& takes_effect) {
  if (text.empty() || text == "none") return {};
  if (text == "swarm" && !seed) {
    throw std::invalid_argument("nemesis \"swarm\" is drawn from a seed: give one");
  }
  std::vector<FaultChoice> choices;
  if (text != "all" && text != "swarm") {
    choices = parse_list(text);
    if (std::none_of(choices.begin(), choices.end(), is_any_ambush)) return choices;
  }
  const bool has_disks = has_faulty_disks();
  if (text == "all") choices = every_kind(has_disks, takes_effect);
  if (text == "swarm") choices = draw_swarm(*seed, every_kind(has_disks, takes_effect));
  return has_disks ? choices : without_disks(choices);
}

}  // namespace sunder::nemesis
