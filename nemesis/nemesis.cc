#include "nemesis/nemesis.h"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "nemesis/schedule/description.h"

namespace sunder::nemesis {
namespace {

namespace asio = boost::asio;

// How often a fault that waits for its target looks again.
constexpr auto target_poll = std::chrono::milliseconds(10);

std::vector<std::string> names_of(const std::vector<NodeId>& nodes) {
  std::vector<std::string> names;
  for (NodeId node : nodes) names.emplace_back(name_of(node));
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

std::vector<std::string> names_of(const std::set<Link>& links) {
  std::vector<std::string> names;
  for (Link link : links) names.emplace_back(link_name(link));
  return names;
}

history::Object parameters_of(const Action& action) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  action.kind().write(action, json);
  history::Object parameters;
  for (const auto& [name, value] : json.items()) parameters.emplace_back(name, value_of(value));
  return parameters;
}

history::FaultDescription description_of(const Fault& fault) {
  return {.nemesis = std::string(nemesis_of(fault)),
          .id = fault.id,
          .kind = std::string(fault.action.kind().name()),
          .ambush = fault.ambush,
          .parameters = parameters_of(fault.action),
          .targets = names_of(fault.target.nodes)};
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
      voters_(*time_, cluster, processes_, links),
      alarm_(time_->make_alarm()),
      stage_{cluster,
             processes_,
             voters_,
             links,
             active_,
             [this](int fault_id, Duration delay, std::function<void()> step) {
               plan(time_->now() + delay, [this, fault_id, step = std::move(step)] {
                 if (active_.contains(fault_id)) step();
               });
             }} {}

asio::awaitable<void> Nemesis::play(Schedule schedule) {
  start_ = time_->now();
  Duration end{0};
  for (const Fault& fault : schedule.faults) end = std::max(end, fault.at + fault.duration);
  for (const Fault& fault : schedule.faults) {
    // An order needs a leader that lives long enough to carry it out; other faults may prevent
    // that.
    const bool is_order = fault.action.kind().is_order();
    const Duration patience = is_order ? end - fault.at : fault.duration;
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

// There may be no leader for a while, and other faults may hold all targets down.
void Nemesis::strike_or_wait(const Strike& strike) {
  const Fault& fault = strike.planned;
  const ClusterView now_known = view(strike.event);
  std::vector<NodeId> nodes = resolve(fault.target, now_known, fault.pick);
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
  if (fault.action.kind().is_order()) {
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

bool Nemesis::stopped_for_a_reason(NodeId node, const std::string& how) {
  const auto explains_exit = [node](const auto& active) {
    const auto& [id, fault] = active;
    const auto& nodes = fault.target.nodes;
    return fault.action.kind().explains_exit(fault.action) &&
           std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  };
  const auto reason = std::find_if(active_.begin(), active_.end(), explains_exit);
  const auto fault_id =
      reason != active_.end() ? std::optional(reason->first) : voters_.reason_to_stop(node);
  if (!fault_id) return false;
  processes_.ended(*fault_id, node);
  record_(history::Stopped{name_of(node), how, *fault_id});
  return true;
}

// A fault with a trigger must strike at its event or not at all.
bool Nemesis::may_try_again(const Strike& strike, const Refusal& refused) const {
  return refused.may_pass && !strike.planned.trigger && !stopped_ && time_->now() < strike.deadline;
}

// Every attempt has the same targets, unless the kind says otherwise: an attempt whose outcome is
// unknown may have removed the leader, and the next leader is none of the targets.
asio::awaitable<void> Nemesis::administer(std::unique_ptr<Order> order) {
  const Fault& fault = order->fault;
  std::optional<Refusal> refused = co_await give(*order);
  while (refused && may_try_again(order->strike, *refused)) {
    co_await pause_before_retry();
    draw_another_target(*order);
    refused = co_await give(*order);
  }
  const history::Order told{order->taken, std::chrono::duration_cast<std::chrono::milliseconds>(
                                              time_->now() - order->given_at)};
  if (refused) {
    record_(history::FaultSkipped{description_of(fault), order->note, told, refused->because});
    co_await bring_back_voters(fault.id);
    co_return;
  }
  took_effect(order->strike, fault, {{}, order->note, {}, told, {}});
  if (!voters_.holds(fault.id)) heal(fault.id);
}

void Nemesis::draw_another_target(Order& order) const {
  const Fault& planned = order.strike.planned;
  const auto rule = planned.action.kind().retry_target();
  if (!rule || planned.target.rule == TargetRule::nodes) return;
  std::vector<NodeId> nodes = resolve({*rule, {}}, view({}), planned.pick + order.attempts);
  if (!nodes.empty()) order.fault.target.nodes = std::move(nodes);
}

asio::awaitable<std::optional<Refusal>> Nemesis::give(Order& order) {
  ++order.attempts;
  auto refused = co_await order.fault.action.kind().order(order.fault, stage_);
  if (!refused || refused->was_taken) ++order.taken;
  co_return refused;
}

asio::awaitable<void> Nemesis::bring_back_voters(int fault_id) {
  bool added = co_await voters_.bring_back(fault_id);
  while (!added) {
    if (stopped_) co_return;
    co_await pause_before_retry();
    added = co_await voters_.bring_back(fault_id);
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

std::optional<Refusal> Nemesis::inject(const Strike& strike, std::vector<NodeId> nodes,
                                       std::optional<std::string> note) {
  Fault fault = strike.planned;
  fault.target = {TargetRule::nodes, std::move(nodes)};
  const FaultKind& kind = fault.action.kind();
  if (auto refused = kind.inject(fault, stage_)) return refused;
  history::FaultInjected event{{}, std::move(note), {}, {}, {}};
  event.links = names_of(kind.links(fault, cluster_.node_count()));
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
  // With the target as planned: in a replay another node may lead.
  played_.push_back(planned);
  if (!planned.trigger) played_.back().at = fault.at;
  active_.emplace(fault.id, fault);
  ++injected_[std::string(nemesis_of(fault))];
  plan(now + fault.duration, [this, id = fault.id] { heal(id); });
  event.fault = description_of(fault);
  record_(event);
}

void Nemesis::heal(int fault_id) {
  if (voters_.holds(fault_id)) {
    spawn(bring_back_voters(fault_id));
  } else {
    healed(fault_id);
  }
}

void Nemesis::healed(int fault_id) {
  auto found = active_.extract(fault_id);
  if (found.empty()) return;  // heal_all has healed it.
  const Fault& fault = found.mapped();
  const FaultKind& kind = fault.action.kind();
  links_.release(fault_id);
  kind.heal(fault, stage_);
  processes_.release(fault_id);
  if (!fault.trigger && !kind.is_momentary()) {
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
    if (!voters_.holds(id)) to_heal.push_back(id);
  }
  for (int id : to_heal) healed(id);
}

asio::awaitable<std::optional<std::string>> Nemesis::restore_voters(Clock::time_point deadline) {
  auto obstacle = co_await voters_.restore(deadline);
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
