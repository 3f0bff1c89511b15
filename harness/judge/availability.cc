#include "harness/judge/availability.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/history/brief.h"
#include "nemesis/kinds/transfer.h"
#include "nemesis/schedule/fault_kind.h"

namespace sunder::harness {

namespace {

using history::FaultDescription;
using history::RunEvent;
using history::RunRecord;
using history::Time;
// One bit a node, n1 the lowest.
using NodeSet = std::uint32_t;

NodeSet bit_of(NodeId node) {
  return NodeSet{1} << position_of(node);
}

NodeSet bit_of_named(std::string_view name) {
  const auto node = nemesis::node_named(name);
  return node ? bit_of(*node) : 0;
}

/// Of an event of a fault. Nothing if this version of sunder does not have its kind.
std::optional<nemesis::Action> action_in(const RunEvent& event) {
  if (history::fault_of(event) == nullptr) return std::nullopt;
  return nemesis::recorded_action(history::fields_of(event));
}

bool changes_voters(std::span<const RunRecord> records) {
  return std::any_of(records.begin(), records.end(), [](const RunRecord& record) {
    const auto action = action_in(record.event);
    return action && action->kind().changes_voters();
  });
}

/// What one fault disturbs.
struct Disturbance {
  NodeSet nodes = 0;
  /// Both ends of each link.
  std::set<NodeSet> pairs;
};

Disturbance disturbance_by(const history::FaultInjected& event) {
  Disturbance disturbance;
  const auto action = action_in(event);
  if (action && !action->kind().delays_answers(*action)) return disturbance;
  for (const std::string_view link : event.links) {
    const auto arrow = link.find("->");
    if (arrow == std::string_view::npos) continue;
    // A leader that only clients cannot reach stays the leader: the rest promise nothing.
    if (link.starts_with("clients->") || link.ends_with("->clients")) {
      disturbance.nodes = ~NodeSet{0};
      continue;
    }
    disturbance.pairs.insert(bit_of_named(link.substr(0, arrow)) |
                             bit_of_named(link.substr(arrow + 2)));
  }
  if (!event.links.empty()) return disturbance;
  for (const auto& name : event.fault.targets) {
    disturbance.nodes |= bit_of_named(name);
  }
  return disturbance;
}

/// An event, or the begin of a stall.
struct Step {
  Time time{0};
  const RunEvent* event = nullptr;
  bool begins_stall = false;
};

/// In the order of time. A stall is recorded at its end; its begin is a step of its own.
std::vector<Step> steps_of(std::span<const RunRecord> records) {
  std::vector<Step> steps;
  for (const auto& [time, event] : records) {
    const auto* stall = std::get_if<history::StallReport>(&event);
    if (stall != nullptr) steps.push_back({time - stall->took, &event, true});
    steps.push_back({time, &event, false});
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const Step& left, const Step& right) { return left.time < right.time; });
  return steps;
}

/// The faults that are active. observe() takes the steps in order.
class Disturbances {
 public:
  /// Whether anything changed.
  bool observe(const Step& step) {
    if (std::holds_alternative<history::StallReport>(*step.event)) {
      // They may overlap: sunder stood still in a second in which a node got no processor.
      stalls_ += step.begins_stall ? 1 : -1;
      return true;
    }
    if (const auto* crash = std::get_if<history::Crash>(step.event)) {
      ended_ |= bit_of_named(crash->node);
      return true;
    }
    if (const auto* healed = std::get_if<history::FaultHealed>(step.event)) {
      return active_.erase(healed->fault.id) > 0;
    }
    const auto* injected = std::get_if<history::FaultInjected>(step.event);
    if (injected == nullptr) return false;
    active_[injected->fault.id] = disturbance_by(*injected);
    return true;
  }

  bool spare(NodeSet nodes) const {
    if (stalls_ > 0 || (ended_ & nodes) != 0) return false;
    return std::none_of(active_.begin(), active_.end(), [nodes](const auto& each) {
      const auto& [id, disturbance] = each;
      if ((disturbance.nodes & nodes) != 0) return true;
      return std::any_of(disturbance.pairs.begin(), disturbance.pairs.end(),
                         [nodes](NodeSet pair) { return (pair & nodes) == pair; });
    });
  }

 private:
  std::map<std::int64_t, Disturbance> active_;
  NodeSet ended_ = 0;
  int stalls_ = 0;
};

std::vector<NodeSet> smallest_majorities(int node_count) {
  std::vector<NodeSet> majorities;
  for (NodeSet nodes = 0; nodes < NodeSet{1} << node_count; ++nodes) {
    if (std::popcount(nodes) == node_count / 2 + 1) majorities.push_back(nodes);
  }
  return majorities;
}

std::vector<NodeId> members_of(NodeSet nodes) {
  std::vector<NodeId> members;
  for (NodeId node{1}; nodes >> position_of(node) != 0; ++node.value) {
    if ((nodes & bit_of(node)) != 0) members.push_back(node);
  }
  return members;
}

/// When operations were invoked and when they were answered, each in order. A refusal that says
/// what it found (a cas, an empty queue, a held lock) is an answer.
struct Traffic {
  std::vector<Time> asked;
  std::vector<Time> answered;
};

Traffic traffic_in(std::span<const history::Operation> operations) {
  Traffic traffic;
  for (const auto& operation : operations) {
    traffic.asked.push_back(operation.invoked_at);
    if (operation.outcome == history::Outcome::ok || says_what_it_found(operation)) {
      traffic.answered.push_back(operation.returned_at);
    }
  }
  std::sort(traffic.asked.begin(), traffic.asked.end());
  std::sort(traffic.answered.begin(), traffic.answered.end());
  return traffic;
}

struct Silence {
  Time from{0};
  Time until{0};
};

/// The longest span without an ok answer. It begins at an invocation.
Silence longest_silence(const Traffic& traffic, Time from, Time until) {
  Silence longest;
  auto answer = std::upper_bound(traffic.answered.begin(), traffic.answered.end(), from);
  while (from < until) {
    const auto next = answer == traffic.answered.end() ? until : std::min(*answer++, until);
    const auto question = std::lower_bound(traffic.asked.begin(), traffic.asked.end(), from);
    if (question != traffic.asked.end() && next - *question > longest.until - longest.from) {
      longest = {*question, next};
    }
    from = next;
  }
  return longest;
}

}  // namespace

std::vector<UndisturbedMajority> undisturbed_majorities(std::span<const RunRecord> records,
                                                        int node_count, Time end, Time shortest) {
  std::vector<UndisturbedMajority> spans;
  // With more nodes there are too many majorities to look at each.
  constexpr int most_nodes = 15;
  if (changes_voters(records) || node_count > most_nodes) return spans;
  Disturbances disturbances;
  std::map<NodeSet, Time> undisturbed_since;
  const auto majorities = smallest_majorities(node_count);
  for (const auto majority : majorities) undisturbed_since[majority] = Time{0};
  const auto close = [&](NodeSet majority, Time since, Time until) {
    if (until - since >= shortest) spans.push_back({members_of(majority), since, until});
  };
  for (const auto& step : steps_of(records)) {
    if (!disturbances.observe(step)) continue;
    for (const auto majority : majorities) {
      const auto since = undisturbed_since.find(majority);
      const bool is_spared = disturbances.spare(majority);
      if (is_spared && since == undisturbed_since.end()) {
        undisturbed_since[majority] = step.time;
      } else if (!is_spared && since != undisturbed_since.end()) {
        close(majority, since->second, step.time);
        undisturbed_since.erase(since);
      }
    }
  }
  for (const auto& [majority, since] : undisturbed_since) close(majority, since, end);
  std::stable_sort(spans.begin(), spans.end(),
                   [](const auto& left, const auto& right) { return left.from < right.from; });
  return spans;
}

std::vector<Quiet> quiet_spans(std::span<const RunRecord> records, int node_count, Time end) {
  std::vector<Quiet> spans;
  if (changes_voters(records)) return spans;
  const NodeSet all = (NodeSet{1} << node_count) - 1;
  Disturbances disturbances;
  std::optional<Time> since = Time{0};
  for (const auto& step : steps_of(records)) {
    disturbances.observe(step);
    const bool is_quiet = disturbances.spare(all);
    if (is_quiet && !since) since = step.time;
    if (!is_quiet && since) {
      if (step.time > *since) spans.push_back({*since, step.time});
      since.reset();
    }
  }
  if (since && end > *since) spans.push_back({*since, end});
  return spans;
}

namespace {

/// The operations of one key or of one client.
struct Group {
  std::string who;
  std::vector<const history::Operation*> operations;
};

/// A refused cas is an answer, and a read that timed out is none. Where the history does not tell
/// them apart, both count as answers.
class Answers {
 public:
  explicit Answers(std::span<const history::Operation> operations)
      : are_told_(std::any_of(operations.begin(), operations.end(),
                              [](const history::Operation& each) { return tells(each); })) {}

  bool is_one(const history::Operation& operation) const {
    if (operation.outcome == history::Outcome::ok) return true;
    return operation.outcome == history::Outcome::fail && (!are_told_ || tells(operation));
  }

 private:
  static bool tells(const history::Operation& operation) {
    return operation.answer != nullptr && !operation.answer->node.empty();
  }

  bool are_told_;
};

std::vector<Group> groups_of(std::span<const history::Operation> operations, int concurrency) {
  std::map<std::string_view, Group> keys;
  std::map<std::int64_t, Group> clients;
  for (const auto& operation : operations) {
    const auto worker = static_cast<std::int64_t>(operation.process) % concurrency;
    keys[operation.key].operations.push_back(&operation);
    clients[worker].operations.push_back(&operation);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : keys) {
    group.who = "of key " + history::brief_text(key);
    groups.push_back(std::move(group));
  }
  for (auto& [worker, group] : clients) {
    group.who = fmt::format("of worker {}", worker);
    groups.push_back(std::move(group));
  }
  return groups;
}

/// Only then can the operations have waited for so long.
bool has_gap(const Group& group, const Answers& answers, Time bound) {
  std::vector<Time> ends;
  Time first = group.operations.front()->invoked_at;
  Time last = first;
  for (const auto* operation : group.operations) {
    last = std::max({last, operation->invoked_at, operation->returned_at});
    if (answers.is_one(*operation)) ends.push_back(operation->returned_at);
  }
  ends.push_back(last);
  std::sort(ends.begin(), ends.end());
  for (const auto end : ends) {
    if (end - first >= bound) return true;
    first = end;
  }
  return false;
}

/// The moments at which an operation begins to wait, is answered, or is given up.
struct Wait {
  enum class Change { begins, is_answered, is_given_up };
  Time time{0};
  Change change = Change::begins;
};

/// Only of clients that ask a node of the span first: of others the operation may not leave a
/// disturbed node.
std::vector<Wait> waits_within(const Group& group, const Answers& answers,
                               const UndisturbedMajority& span, int concurrency, int node_count) {
  std::vector<Wait> waits;
  for (const auto* operation : group.operations) {
    const auto end = operation->returned_at;
    // Without a completion it is not known how long its client waited.
    if (end <= operation->invoked_at) continue;
    if (end < span.from || operation->invoked_at > span.until) continue;
    const auto worker = static_cast<std::int64_t>(operation->process) % concurrency;
    const auto home = NodeId{1 + worker % node_count};
    if (std::find(span.nodes.begin(), span.nodes.end(), home) == span.nodes.end()) continue;
    const bool answered = answers.is_one(*operation) && end <= span.until;
    waits.push_back({std::max(operation->invoked_at, span.from), Wait::Change::begins});
    waits.push_back({std::min(end, span.until),
                     answered ? Wait::Change::is_answered : Wait::Change::is_given_up});
  }
  std::stable_sort(waits.begin(), waits.end(),
                   [](const Wait& left, const Wait& right) { return left.time < right.time; });
  return waits;
}

/// The longest time in which operations waited all the time and none was answered.
Silence longest_wait(const std::vector<Wait>& waits) {
  constexpr Time between_two{std::chrono::milliseconds(50)};
  Silence longest;
  int waiting = 0;
  std::optional<Time> since;
  Time last_end{0};
  for (const auto& [time, change] : waits) {
    if (change == Wait::Change::begins) {
      const bool is_pause = waiting == 0 && time - last_end > between_two;
      if (!since || is_pause) since = time;
      ++waiting;
      continue;
    }
    --waiting;
    last_end = time;
    if (since && time - *since > longest.until - longest.from) longest = {*since, time};
    if (change != Wait::Change::is_answered) continue;
    since = waiting > 0 ? std::optional(time) : std::nullopt;
  }
  return longest;
}

std::string listed(const std::vector<NodeId>& nodes) {
  std::vector<std::string> names;
  for (const auto node : nodes) names.push_back(name_of(node));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Says which key or client nobody answered; empty if all were answered.
std::string unanswered_group(std::span<const history::Operation> operations,
                             const std::vector<UndisturbedMajority>& spans, int node_count,
                             Time bound, int concurrency) {
  const Answers answers(operations);
  auto groups = groups_of(operations, concurrency);
  std::erase_if(groups, [&](const Group& group) { return !has_gap(group, answers, bound); });
  for (const auto& span : spans) {
    for (const auto& group : groups) {
      const auto wait = longest_wait(waits_within(group, answers, span, concurrency, node_count));
      if (wait.until - wait.from < bound) continue;
      return fmt::format(
          "no operation {} was answered from {:.1f} s to {:.1f} s, though {} were up and connected",
          group.who, history::seconds_of(wait.from), history::seconds_of(wait.until),
          listed(span.nodes));
    }
  }
  return {};
}

}  // namespace

checker::CheckResult check_availability(std::span<const history::Operation> operations,
                                        std::span<const RunRecord> records, int node_count,
                                        Time bound, int concurrency) {
  checker::CheckResult result{"availability", checker::Validity::valid, {}, "history", {}, {}};
  result.message =
      fmt::format("no majority was undisturbed for {:.1f} s", history::seconds_of(bound));
  const auto traffic = traffic_in(operations);
  if (traffic.answered.empty()) return result;
  // Before its first answer the system was starting.
  const auto start = traffic.answered.front();
  auto spans = undisturbed_majorities(records, node_count, traffic.asked.back(), bound);
  for (auto& span : spans) span.from = std::max(span.from, start);
  Time longest{0};
  for (const auto& span : spans) {
    const auto silence = longest_silence(traffic, span.from, span.until);
    longest = std::max(longest, silence.until - silence.from);
    if (longest >= bound) {
      result.validity = checker::Validity::invalid;
      result.message = fmt::format(
          "no operation was answered from {:.1f} s to {:.1f} s, though {} were up and connected",
          history::seconds_of(silence.from), history::seconds_of(silence.until),
          listed(span.nodes));
      return result;
    }
    result.message = fmt::format("while a majority was up and connected, it answered within {} ms",
                                 longest / std::chrono::milliseconds(1));
  }
  auto unanswered = unanswered_group(operations, spans, node_count, bound, concurrency);
  if (!unanswered.empty()) {
    result.validity = checker::Validity::invalid;
    result.message = std::move(unanswered);
  }
  return result;
}

bool is_undisturbed(std::span<const RunRecord> records, int node_count, Time from, Time until) {
  const NodeSet all = (NodeSet{1} << node_count) - 1;
  Disturbances disturbances;
  bool is_spared = true;
  for (const auto& step : steps_of(records)) {
    if (step.time >= until) break;
    if (step.time > from && !is_spared) return false;
    disturbances.observe(step);
    is_spared = disturbances.spare(all);
  }
  return is_spared;
}

namespace {

/// What the history says of an order to transfer leadership, carried out or given up.
struct TransferOrder {
  const FaultDescription& fault;
  history::Order order;
  bool is_given_up = false;
};

std::optional<TransferOrder> transfer_in(const RunEvent& event) {
  const auto* fault = history::fault_of(event);
  const auto action = action_in(event);
  if (!action || action->get_if<nemesis::Transfer>() == nullptr) return std::nullopt;
  const auto* injected = std::get_if<history::FaultInjected>(&event);
  if (injected != nullptr && injected->order) return TransferOrder{*fault, *injected->order, false};
  const auto* skipped = std::get_if<history::FaultSkipped>(&event);
  if (skipped != nullptr && skipped->order) return TransferOrder{*fault, *skipped->order, true};
  return std::nullopt;
}

}  // namespace

checker::CheckResult check_transfers(std::span<const RunRecord> records, int node_count,
                                     Time bound) {
  constexpr std::int64_t fair_chances = 5;
  checker::CheckResult result{
      "leadership transfer", checker::Validity::valid, {}, "history", {}, {}};
  if (changes_voters(records)) {
    result.message = "not checked: faults changed the voters";
    return result;
  }
  std::size_t carried_out = 0;
  for (const auto& [time, event] : records) {
    const auto transfer = transfer_in(event);
    if (!transfer) continue;
    if (!transfer->is_given_up) ++carried_out;
    const auto from = time - transfer->order.took;
    const bool is_slow = transfer->order.taken >= fair_chances && time - from >= bound;
    if (!is_slow || !is_undisturbed(records, node_count, from, time)) continue;
    result.validity = checker::Validity::invalid;
    result.message = fmt::format(
        "sunder ordered leadership transfers to {} from {:.1f} s on; no fault disturbed the nodes, "
        "they accepted the order {} times, and did not carry it out {} {:.1f} s",
        fmt::join(transfer->fault.targets, ", "), history::seconds_of(from), transfer->order.taken,
        transfer->is_given_up ? "until" : "before", history::seconds_of(time));
    return result;
  }
  result.message = fmt::format("{} leadership transfers were carried out", carried_out);
  return result;
}

}  // namespace sunder::harness
