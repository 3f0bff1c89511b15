#include "nemesis/nemesis.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "nemesis/inject.h"

namespace sunder::nemesis {
namespace {

namespace asio = boost::asio;

// How often a fault that waits for a leader looks again.
constexpr auto leader_poll = std::chrono::milliseconds(10);

history::List names_of(const std::vector<NodeNumber>& nodes) {
  history::List names;
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
  static const std::set<std::string> common{"id", "kind", "target", "at", "duration", "pick"};
  history::Object parameters;
  const nlohmann::ordered_json json = to_json(fault);
  for (const auto& [name, value] : json.items()) {
    if (!common.contains(name)) parameters.emplace_back(name, value_of(value));
  }
  return parameters;
}

std::string describe(const Fault& fault) {
  std::string text(kind_of(fault));
  if (const auto* partition = std::get_if<Partition>(&fault.action)) {
    text += fmt::format(" {}", partition_shape_names().name(partition->shape));
    if (partition->shape == PartitionShape::majorities_ring) return text;
  }
  for (NodeNumber node : fault.target.nodes) text += fmt::format(" {}", node_name(node));
  return text;
}

}  // namespace

Nemesis::Nemesis(asio::io_context& io, Cluster& cluster, LinkRules& links, Record record)
    : cluster_(cluster),
      links_(links),
      record_(std::move(record)),
      processes_(cluster),
      timer_(io) {}

asio::awaitable<void> Nemesis::play(Schedule schedule) {
  start_ = Clock::now();
  for (const Fault& fault : schedule.faults) {
    plan(start_ + fault.at, [this, fault] { inject_or_wait(fault); });
  }
  while (!agenda_.empty() && !stopped_) {
    timer_.expires_at(agenda_.begin()->first);
    auto [error] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopped_) break;
    if (error) throw boost::system::system_error(error);
    // Out of the agenda first: the step may plan others.
    auto step = agenda_.extract(agenda_.begin());
    step.mapped()();
  }
  agenda_.clear();
}

void Nemesis::stop() {
  stopped_ = true;
  timer_.cancel();
}

// A leader may be missing for a while, above all when other faults are active.
void Nemesis::inject_or_wait(Fault fault) {
  const ClusterView view{cluster_.node_count(), cluster_.leader()};
  std::vector<NodeNumber> nodes = resolve(fault.target, view, fault.pick);
  const Clock::time_point now = Clock::now();
  if (nodes.empty() && now < start_ + fault.at + fault.duration) {
    plan(now + leader_poll, [this, fault] { inject_or_wait(fault); });
    return;
  }
  std::string note;
  if (nodes.empty()) {
    note = fmt::format("no {} was known for {}: one node instead",
                       target_rule_names().name(fault.target.rule), to_text(fault.duration));
    nodes = resolve({TargetRule::one, {}}, view, fault.pick);
  }
  fault.target = {TargetRule::nodes, std::move(nodes)};
  inject(std::move(fault), std::move(note));
}

void Nemesis::inject(Fault fault, std::string note) {
  history::Object details;
  if (!note.empty()) details.emplace_back("note", note);
  const Later later = [this, id = fault.id](Duration delay, std::function<void()> step) {
    plan(Clock::now() + delay, [this, id, step = std::move(step)] {
      if (active_.contains(id)) step();
    });
  };
  const std::string refused =
      nemesis::inject(fault, {cluster_.node_count(), processes_, links_, details, later});
  if (!refused.empty()) {
    details.emplace_back("because", refused);
    write(fmt::format("skip-{}", kind_of(fault)), fault, std::move(details));
    return;
  }
  const Clock::time_point now = Clock::now();
  fault.at = since_start(now);
  ++injected_[std::string(kind_of(fault))];
  played_.push_back(fault);
  active_.emplace(fault.id, fault);
  plan(now + fault.duration, [this, id = fault.id] { heal(id); });
  write(std::string(kind_of(fault)), fault, std::move(details));
}

void Nemesis::heal(int fault_id) {
  auto found = active_.extract(fault_id);
  if (found.empty()) return;  // heal_all was first.
  const Fault& fault = found.mapped();
  links_.release(fault_id);
  processes_.release(fault_id);
  auto played = std::find_if(played_.begin(), played_.end(),
                             [&](const Fault& other) { return other.id == fault_id; });
  played->duration = since_start(Clock::now()) - played->at;
  write(fmt::format("heal-{}", kind_of(fault)), fault, {});
}

void Nemesis::heal_all() {
  while (!active_.empty()) heal(active_.begin()->first);
}

void Nemesis::write(std::string f, const Fault& fault, history::Object details) {
  history::Object value{{"id", fault.id}, {"kind", kind_of(fault)}};
  for (auto& parameter : parameters_of(fault)) value.push_back(std::move(parameter));
  value.emplace_back("targets", names_of(fault.target.nodes));
  std::move(details.begin(), details.end(), std::back_inserter(value));
  history::Event event;
  event.process = history::ProcessId::nemesis;
  event.type = history::EventType::info;
  event.f = std::move(f);
  event.value = std::move(value);
  record_(std::move(event));
}

std::vector<std::string> Nemesis::active() const {
  std::vector<std::string> texts;
  for (const auto& [id, fault] : active_) texts.push_back(describe(fault));
  return texts;
}

void Nemesis::plan(Clock::time_point when, std::function<void()> step) {
  agenda_.emplace(when, std::move(step));
}

Duration Nemesis::since_start(Clock::time_point when) const {
  return std::chrono::duration_cast<Duration>(when - start_);
}

}  // namespace sunder::nemesis
