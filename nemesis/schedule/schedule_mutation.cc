#include "nemesis/schedule/schedule_mutation.h"

#include <algorithm>

#include "nemesis/schedule/observation.h"

namespace sunder::nemesis {
namespace {

Duration part_of(Duration span, double part) {
  const auto exact = std::chrono::duration<double, std::milli>(span) * part;
  return std::chrono::milliseconds(static_cast<std::int64_t>(exact.count()));
}

class Mutation {
 public:
  Mutation(const std::vector<FaultChoice>& choices, Duration time_limit, Duration interval,
           Random& random)
      : choices_(choices), time_limit_(time_limit), interval_(interval), random_(random) {}

  void apply_to(std::vector<Fault>& faults) {
    if (faults.empty()) return add(faults);
    Fault& fault = faults[random_.below(faults.size())];
    switch (random_.below(6)) {
      case 0:
        return aim(fault);
      case 1:
        return move(fault);
      case 2:
        return hold(fault);
      case 3:
        return trigger(fault);
      case 4:
        faults.erase(faults.begin() + (&fault - faults.data()));
        return;
      default:
        return add(faults);
    }
  }

 private:
  // Only among the rules that need what this one needs: an event, or none.
  void aim(Fault& fault) {
    fault.pick = random_.next() >> 11;
    if (fault.target.rule == TargetRule::nodes) return;
    std::vector<TargetRule> rules;
    for (const auto name : target_rule_names().all()) {
      const auto rule = *target_rule_names().find(name);
      const bool fits = !needs_event(rule) || fault.trigger.has_value();
      if (fits && rule != TargetRule::event_peer) rules.push_back(rule);
    }
    fault.target.rule = random_.one_of(rules);
  }

  void move(Fault& fault) { fault.at = part_of(time_limit_, random_.between(0.0, 0.85)); }

  void hold(Fault& fault) { fault.duration = part_of(interval_, random_.between(0.02, 1.5)); }

  // A fault that waits for an event may stop to, if it needs none; one that waits for none may
  // begin to.
  void trigger(Fault& fault) {
    if (fault.trigger && !needs_event(fault.target.rule) && random_.chance(0.3)) {
      fault.trigger.reset();
      return;
    }
    static const std::vector<NodeEvent> events{
        NodeEvent::became_leader, NodeEvent::became_candidate,  NodeEvent::vote_granted,
        NodeEvent::appended,      NodeEvent::truncated,         NodeEvent::committed,
        NodeEvent::configuration, NodeEvent::snapshot_installed};
    if (fault.target.rule == TargetRule::event_peer) return;
    fault.trigger = Trigger{random_.one_of(events), random_.chance(0.5),
                            static_cast<int>(random_.between(1, 4)), std::chrono::seconds(4)};
  }

  void add(std::vector<Fault>& faults) {
    const FaultChoice& choice = random_.one_of(choices_);
    const Duration at = part_of(time_limit_, random_.between(0.0, 0.85));
    const Duration held = std::max<Duration>(part_of(interval_, random_.between(0.1, 0.9)),
                                             std::chrono::milliseconds(1));
    for (Fault& fault : choice.kind->draw(choice.refinement, random_)) {
      fault.at += at;
      if (fault.duration == Duration::zero()) fault.duration = held;
      fault.pick = random_.next() >> 11;
      faults.push_back(fault);
    }
  }

  const std::vector<FaultChoice>& choices_;
  Duration time_limit_;
  Duration interval_;
  Random& random_;
};

}  // namespace

Schedule mutated(const Schedule& schedule, const std::vector<FaultChoice>& choices,
                 Duration time_limit, Duration interval, Random& random) {
  Schedule other = schedule;
  Mutation mutation(choices, time_limit, interval, random);
  for (auto left = 1 + random.below(3); left > 0; --left) mutation.apply_to(other.faults);
  if (other.faults.empty()) mutation.apply_to(other.faults);
  put_in_order(other);
  return other;
}

}  // namespace sunder::nemesis
