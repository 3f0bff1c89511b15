#include "nemesis/nemesis.h"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "nemesis/kinds/inject.h"
#include "nemesis/schedule/description.h"

namespace sunder::nemesis {
namespace {

namespace asio = boost::asio;

// How often a fault that waits for its target looks again.
constexpr auto target_poll = std::chrono::milliseconds(10);

std::vector<std::string> names_of(const std::vector<NodeNumber>& nodes) {
  std::vector<std::string> names;
  for (NodeNumber node : nodes) names.emplace_back(node_name(node));
  return names;
}

history::Value value_of(const nlohmann::ordered_json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  history::List list;
  for (const auto& item : json) list.push_back(value_of(item));
  return list;
}

// What a schedule file says of the fault beyond what all faults have.
history::Object parameters_of(const Fault& fault) {
  static const std::set<std::string> common{"id",       "kind", "target",  "at",
                                            "duration", "pick", "trigger", "ambush"};
  history::Object parameters;
  const nlohmann::ordered_json json = to_json(fault);
  for (const auto& [name, value] : json.items()) {
    if (!common.contains(name)) parameters.emplace_back(name, value_of(value));
  }
  return parameters;
}

history::FaultDescription description_of(const Fault& fault) {
  return {std::string(nemesis_of(fault)), fault.id,
          std::string(kind_of(fault)),    fault.ambush,
          parameters_of(fault),           names_of(fault.target.nodes)};
}

}  // namespace

Nemesis::Nemesis(asio::io_context& io, ClusterControl& cluster, LinkRules& links, Record record)
    : Nemesis(io, std::make_unique<MachineTime>(io), cluster, links, std::move(record)) {}

Nemesis::Nemesis(asio::io_context& io, std::unique_ptr<Timekeeper> time, ClusterControl& cluster,
                 LinkRules& links, Record record)
    : io_(io),
      time_(std::move(time)),
      cluster_(cluster),
      links_(links),
      record_(std::move(record)),
      processes_(cluster),
      disks_(cluster, processes_),
      clocks_(cluster),
      administration_(*time_, cluster, processes_, links),
      alarm_(time_->make_alarm()) {}

asio::awaitable<void> Nemesis::play(Schedule schedule) {
  start_ = time_->now();
  Duration end{0};
  for (const Fault& fault : schedule.faults) end = std::max(end, fault.at + fault.duration);
  for (const Fault& fault : schedule.faults) {
    // An order needs a leader that lives long enough to carry it out, which may take its time.
    const Duration patience = is_administrative(fault) ? end - fault.at : fault.duration;
    plan(start_ + fault.at, [this, fault, patience] {
      if (fault.trigger) {
        arm(fault);
      } else {
        strike_or_wait({fault, std::nullopt, time_->now() + patience});
      }
    });
  }
  while (!failure_ && (under_way_ > 0 || (!agenda_.empty() && !stopped_))) {
    const bool only_waits = agenda_.empty() || stopped_;
    alarm_->set(only_waits ? Clock::time_point::max() : agenda_.begin()->first);
    waiting_ = true;
    co_await alarm_->wait();
    waiting_ = false;
    while (!stopped_ && !agenda_.empty() && agenda_.begin()->first <= time_->now()) {
      // Out of the agenda first: the step may plan others.
      auto step = agenda_.extract(agenda_.begin());
      step.mapped()();
    }
  }
  agenda_.clear();
  if (failure_) std::rethrow_exception(failure_);
}

void Nemesis::stop() {
  stopped_ = true;
  armed_.clear();
  alarm_->cancel();
}

void Nemesis::arm(const Fault& fault) {
  auto armed = armed_.insert(armed_.end(),
                             {fault, TriggerWatch(*fault.trigger, newest_term_), agenda_.end()});
  armed->expiry = plan(time_->now() + fault.trigger->within, [this, armed] {
    const Fault late = std::move(armed->fault);
    armed_.erase(armed);
    skip(late,
         fmt::format("no fitting {} came within {}", node_event_names().name(late.trigger->event),
                     to_text(late.trigger->within)));
  });
}

void Nemesis::observe(const Observation& observation) {
  states_.observe(observation);
  std::vector<Fault> fired;
  for (auto armed = armed_.begin(); armed != armed_.end();) {
    if (armed->watch.fires(observation)) {
      fired.push_back(std::move(armed->fault));
      agenda_.erase(armed->expiry);
      armed = armed_.erase(armed);
    } else {
      ++armed;
    }
  }
  newest_term_ = std::max(newest_term_, observation.term);
  for (const Fault& fault : fired) {
    const auto after = fault.trigger->after;
    const Strike strike{fault, observation, time_->now() + after + fault.duration};
    if (after == Duration::zero()) {
      strike_or_wait(strike);
    } else {
      plan(time_->now() + after, [this, strike] { strike_or_wait(strike); });
    }
  }
}

// A leader may be missing for a while, and other faults may hold all targets down.
void Nemesis::strike_or_wait(const Strike& strike) {
  const Fault& fault = strike.planned;
  const ClusterView now_known = view(strike.event);
  std::vector<NodeNumber> nodes = resolve(fault.target, now_known, fault.pick);
  const Clock::time_point now = time_->now();
  if (nodes.empty() && now < strike.deadline) {
    plan(now + target_poll, [this, strike] { strike_or_wait(strike); });
    return;
  }
  std::optional<std::string> note;
  if (nodes.empty()) {
    note = fmt::format("no {} was known for {}: one node instead",
                       target_rule_names().name(fault.target.rule), to_text(fault.duration));
    nodes = resolve({TargetRule::one, {}}, now_known, fault.pick);
  }
  if (is_administrative(fault)) {
    Order order{strike, fault, std::move(note), now};
    order.fault.target = {TargetRule::nodes, std::move(nodes)};
    spawn(administer(std::make_unique<Order>(std::move(order))));
    return;
  }
  const std::optional<Refusal> refused = inject(strike, nodes, std::move(note));
  if (!refused) return;
  if (may_try_again(strike, *refused)) {
    plan(now + target_poll, [this, strike] { strike_or_wait(strike); });
    return;
  }
  Fault skipped = fault;
  skipped.target = {TargetRule::nodes, std::move(nodes)};
  skip(skipped, refused->because);
}

bool Nemesis::stopped_for_a_reason(NodeNumber node, const std::string& how) {
  std::optional<int> fault_id = disks_.reason_to_stop(node);
  if (!fault_id) fault_id = administration_.reason_to_stop(node);
  if (!fault_id) return false;
  processes_.ended(*fault_id, node);
  record_(history::Stopped{node_name(node), how, *fault_id});
  return true;
}

// What a trigger called for is of no use later.
bool Nemesis::may_try_again(const Strike& strike, const Refusal& refused) const {
  return refused.may_pass && !strike.planned.trigger && !stopped_ && time_->now() < strike.deadline;
}

// Nodes that are to be taken out stay the same however often it is tried: an attempt whose outcome
// is unknown may have taken the leader out, and the next leader is none of its targets.
asio::awaitable<void> Nemesis::administer(std::unique_ptr<Order> order) {
  const Fault& fault = order->fault;
  std::optional<Refusal> refused = co_await give(*order);
  while (refused && may_try_again(order->strike, *refused)) {
    co_await pause_before_retry();
    draw_another_heir(*order);
    refused = co_await give(*order);
  }
  const history::Order told{order->taken, std::chrono::duration_cast<std::chrono::milliseconds>(
                                              time_->now() - order->given_at)};
  if (refused) {
    record_(history::FaultSkipped{description_of(fault), order->note, told, refused->because});
    co_await add_voters_of(fault.id);
    co_return;
  }
  took_effect(order->strike, fault, {{}, order->note, {}, told, {}});
  if (!administration_.holds(fault.id)) heal(fault.id);
}

// Whom the rule names may be down, cut off or no voter (then it is also the most behind): any other
// follower serves.
void Nemesis::draw_another_heir(Order& order) const {
  const Fault& planned = order.strike.planned;
  const bool is_fixed = planned.target.rule == TargetRule::nodes;
  if (is_fixed || !std::holds_alternative<Transfer>(planned.action)) return;
  std::vector<NodeNumber> heirs =
      resolve({TargetRule::follower, {}}, view({}), planned.pick + order.attempts);
  if (!heirs.empty()) order.fault.target.nodes = std::move(heirs);
}

asio::awaitable<std::optional<Refusal>> Nemesis::give(Order& order) {
  ++order.attempts;
  auto refused = co_await administration_.inject(order.fault);
  if (!refused || refused->was_taken) ++order.taken;
  co_return refused;
}

asio::awaitable<void> Nemesis::add_voters_of(int fault_id) {
  bool added = co_await administration_.heal(fault_id);
  while (!added) {
    if (stopped_) co_return;
    co_await pause_before_retry();
    added = co_await administration_.heal(fault_id);
  }
  healed(fault_id);
}

asio::awaitable<void> Nemesis::pause_before_retry() {
  const auto alarm = time_->make_alarm();
  alarm->set(time_->now() + target_poll);
  co_await alarm->wait();
}

void Nemesis::spawn(asio::awaitable<void> orders) {
  ++under_way_;
  asio::co_spawn(io_, std::move(orders), [this](const std::exception_ptr& failure) {
    --under_way_;
    if (failure && !failure_) failure_ = failure;
    // play() may be waiting for this.
    plan(time_->now(), [] {});
  });
}

std::optional<Refusal> Nemesis::inject(const Strike& strike, std::vector<NodeNumber> nodes,
                                       std::optional<std::string> note) {
  Fault fault = strike.planned;
  fault.target = {TargetRule::nodes, std::move(nodes)};
  const Later later = [this, id = fault.id](Duration delay, std::function<void()> step) {
    plan(time_->now() + delay, [this, id, step = std::move(step)] {
      if (active_.contains(id)) step();
    });
  };
  history::FaultInjected event{{}, std::move(note), {}, {}, {}};
  auto refused = nemesis::inject(
      fault, {cluster_.node_count(), processes_, disks_, clocks_, links_, event.links, later});
  if (refused) return refused;
  took_effect(strike, std::move(fault), std::move(event));
  return std::nullopt;
}

void Nemesis::took_effect(const Strike& strike, Fault fault, history::FaultInjected event) {
  const Fault& planned = strike.planned;
  const Clock::time_point now = time_->now();
  if (strike.event) {
    event.triggered_at = strike.event->time + planned.trigger->after;
  }
  fault.at = since_start(now);
  // Aimed as it was planned: who leads when it is played again is another node.
  played_.push_back(planned);
  if (!planned.trigger) played_.back().at = fault.at;
  active_.emplace(fault.id, fault);
  ++injected_[std::string(nemesis_of(fault))];
  plan(now + fault.duration, [this, id = fault.id] { heal(id); });
  event.fault = description_of(fault);
  record_(event);
}

void Nemesis::heal(int fault_id) {
  if (administration_.holds(fault_id)) {
    spawn(add_voters_of(fault_id));
  } else {
    healed(fault_id);
  }
}

void Nemesis::healed(int fault_id) {
  auto found = active_.extract(fault_id);
  if (found.empty()) return;  // heal_all was first.
  const Fault& fault = found.mapped();
  links_.release(fault_id);
  disks_.release(fault_id);
  clocks_.release(fault_id);
  processes_.release(fault_id);
  // A transfer is over at once; the duration in the schedule is how long it may be tried.
  if (!fault.trigger && !std::holds_alternative<Transfer>(fault.action)) {
    auto played = std::find_if(played_.begin(), played_.end(),
                               [&](const Fault& other) { return other.id == fault_id; });
    played->duration = since_start(time_->now()) - played->at;
  }
  record_(history::FaultHealed{description_of(fault)});
}

void Nemesis::skip(const Fault& fault, std::string because) {
  record_(history::FaultSkipped{description_of(fault), {}, {}, std::move(because)});
}

void Nemesis::heal_all() {
  std::vector<int> to_heal;
  for (const auto& [id, fault] : active_) {
    if (!administration_.holds(id)) to_heal.push_back(id);
  }
  for (int id : to_heal) healed(id);
}

asio::awaitable<std::optional<std::string>> Nemesis::restore_voters(Clock::time_point deadline) {
  auto obstacle = co_await administration_.restore(deadline);
  heal_all();
  co_return obstacle;
}

std::vector<std::string> Nemesis::active() const {
  std::vector<std::string> texts;
  for (const auto& [id, fault] : active_) texts.push_back(describe(fault));
  return texts;
}

ClusterView Nemesis::view(const std::optional<Observation>& event) const {
  ClusterView known{cluster_.node_count(), cluster_.leader(), states_.candidate(),
                    states_.most_behind(), states_.most_ahead()};
  if (event) {
    known.event_node = event->node;
    known.event_peer = event->peer;
  }
  return known;
}

Nemesis::Agenda::iterator Nemesis::plan(Clock::time_point when, std::function<void()> step) {
  if (waiting_ && when < alarm_->when()) {
    waiting_ = false;
    alarm_->cancel();
  }
  return agenda_.emplace(when, std::move(step));
}

Duration Nemesis::since_start(Clock::time_point when) const {
  return std::chrono::duration_cast<Duration>(when - start_);
}

}  // namespace sunder::nemesis
