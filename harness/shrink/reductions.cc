#include "harness/shrink/reductions.h"

#include <algorithm>
#include <optional>

#include "nemesis/schedule/observation.h"

namespace sunder::harness::shrink {

using namespace std::chrono_literals;
using nemesis::Fault;
using nemesis::NodeEvent;

namespace {

using Faults = std::vector<Fault>;

Candidate with_faults(const Candidate& candidate, Faults faults) {
  Candidate other = candidate;
  other.schedule.faults = std::move(faults);
  return other;
}

Faults without_part(const Faults& faults, std::size_t from, std::size_t until) {
  Faults rest(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(from));
  rest.insert(rest.end(), faults.begin() + static_cast<std::ptrdiff_t>(until), faults.end());
  return rest;
}

/// The first of the parts, each about an n-th, that can be left out.
std::optional<Candidate> without_some_part(const Candidate& failing, std::size_t parts,
                                           const Fails& fails) {
  const auto& faults = failing.schedule.faults;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto from = faults.size() * part / parts;
    const auto until = faults.size() * (part + 1) / parts;
    auto candidate = with_faults(failing, without_part(faults, from, until));
    if (fails(candidate)) return candidate;
  }
  return std::nullopt;
}

/// At the latest.
Duration end_of(const Fault& fault) {
  const auto armed = fault.trigger ? fault.trigger->within : Duration{0};
  return fault.at + armed + fault.duration;
}

Duration end_of(const nemesis::Schedule& schedule) {
  Duration end{0};
  for (const Fault& fault : schedule.faults) end = std::max(end, end_of(fault));
  return end;
}

/// All of it as much earlier as the first fault can be.
Candidate earlier(Candidate candidate) {
  // For a leader, and something in its log.
  constexpr Duration settled = 500ms;
  if (candidate.schedule.faults.empty()) return candidate;
  const auto wait = candidate.schedule.faults.front().at - settled;
  if (wait <= Duration::zero()) return candidate;
  for (Fault& fault : candidate.schedule.faults) fault.at -= wait;
  candidate.plan.time_limit -= wait / 100ms * 100ms;
  return candidate;
}

/// Halves the number, down to `least`, as long as that fails.
Candidate with_less(Candidate failing, int Plan::*number, int least, const Fails& fails) {
  while (failing.plan.*number > least) {
    Candidate candidate = failing;
    candidate.plan.*number = std::max(least, failing.plan.*number / 2);
    if (!fails(candidate)) break;
    failing = std::move(candidate);
  }
  return failing;
}

Candidate with_less_time(Candidate failing, const Fails& fails) {
  constexpr auto least = 1s;
  while (failing.plan.time_limit > least) {
    Candidate candidate = failing;
    auto& limit = candidate.plan.time_limit;
    limit =
        std::max<Duration>(least, std::min<Duration>(limit * 2 / 3, end_of(failing.schedule) + 1s));
    // To the tenth of a second, so that people can read it.
    limit = std::chrono::ceil<std::chrono::milliseconds>(limit / 100ms * 100ms);
    if (limit >= failing.plan.time_limit || !fails(candidate)) break;
    failing = std::move(candidate);
  }
  return failing;
}

/// A schedule that names a node needs it.
int highest_node(const nemesis::Schedule& schedule) {
  int highest = 1;
  for (const Fault& fault : schedule.faults) {
    for (const auto node : fault.target.nodes) {
      highest = std::max(highest, static_cast<int>(node.value));
    }
  }
  return highest;
}

Candidate with_fewer_nodes(Candidate failing, const Fails& fails) {
  const int least = std::max(1, highest_node(failing.schedule));
  for (const int nodes : {3, 1}) {
    if (nodes >= failing.plan.nodes || nodes < least) continue;
    Candidate candidate = failing;
    candidate.plan.nodes = nodes;
    if (!fails(candidate)) break;
    failing = std::move(candidate);
  }
  return failing;
}

/// When the fault struck in the recording; nothing if it did not.
std::optional<history::Time> strike_of(const Fault& fault, const Recording& recording) {
  for (const auto& [time, event] : recording.faults) {
    const auto* injected = std::get_if<history::FaultInjected>(&event);
    if (injected != nullptr && injected->fault.id == fault.id) return time;
  }
  return std::nullopt;
}

struct Cause {
  NodeEvent event = NodeEvent::became_leader;
  history::Time time{0};
};

/// What happened shortly before, and happens seldom enough to be meant; the latest first.
std::vector<Cause> causes_before(history::Time strike, const Recording& recording) {
  constexpr auto shortly = 400ms;
  static const std::vector<NodeEvent> telling{
      NodeEvent::became_leader, NodeEvent::became_candidate,   NodeEvent::vote_granted,
      NodeEvent::truncated,     NodeEvent::snapshot_installed, NodeEvent::configuration};
  std::vector<Cause> causes;
  for (auto record = recording.records.rbegin(); record != recording.records.rend(); ++record) {
    if (record->time > strike) continue;
    if (record->time < strike - shortly) break;
    const auto event = nemesis::node_event_names().find(trace::name_of(record->event));
    if (!event || std::find(telling.begin(), telling.end(), *event) == telling.end()) continue;
    const bool is_known = std::any_of(causes.begin(), causes.end(),
                                      [&](const Cause& cause) { return cause.event == *event; });
    if (!is_known) causes.push_back({*event, record->time});
  }
  return causes;
}

/// Armed a little before the event happened in the recording.
Fault triggered(const Fault& fault, const Cause& cause) {
  constexpr auto margin = 300ms;
  Fault other = fault;
  other.at = std::max<Duration>(0ms, std::min(fault.at, fault.at - margin));
  other.trigger = nemesis::Trigger{cause.event, false, 1, 4s};
  return other;
}

}  // namespace

Candidate with_fewer_faults(Candidate failing, const Fails& fails) {
  if (auto bare = with_faults(failing, {}); !failing.schedule.faults.empty() && fails(bare)) {
    return bare;
  }
  std::size_t parts = 2;
  while (failing.schedule.faults.size() > 1) {
    parts = std::min(parts, failing.schedule.faults.size());
    if (auto smaller = without_some_part(failing, parts, fails)) {
      failing = std::move(*smaller);
      parts = std::max<std::size_t>(2, parts - 1);
    } else if (parts == failing.schedule.faults.size()) {
      break;
    } else {
      parts *= 2;
    }
  }
  return failing;
}

Candidate with_only_what_came_shortly_before(Candidate failing, history::Time violation,
                                             const Fails& fails) {
  for (const history::Time span : {1s, 2s, 4s}) {
    if (violation <= 2 * span) break;
    Candidate candidate = failing;
    std::erase_if(candidate.schedule.faults, [&](const Fault& fault) {
      return fault.at > violation || end_of(fault) < violation - span;
    });
    candidate = earlier(std::move(candidate));
    if (fails(candidate)) return candidate;
  }
  return failing;
}

Candidate without_the_wait(Candidate failing, const Fails& fails) {
  auto candidate = earlier(failing);
  if (candidate.schedule == failing.schedule) return failing;
  return fails(candidate) ? candidate : failing;
}

Candidate with_a_smaller_plan(Candidate failing, const Fails& fails) {
  failing = with_less_time(std::move(failing), fails);
  failing = with_less(std::move(failing), &Plan::concurrency, 1, fails);
  failing = with_less(std::move(failing), &Plan::keys, 1, fails);
  return with_fewer_nodes(std::move(failing), fails);
}

Candidate with_triggers(Candidate failing, const Recording& recording, const Fails& fails) {
  for (std::size_t i = 0; i < failing.schedule.faults.size(); ++i) {
    const Fault fault = failing.schedule.faults[i];
    const auto strike = strike_of(fault, recording);
    if (fault.trigger || !strike) continue;
    for (const auto& cause : causes_before(*strike, recording)) {
      Candidate candidate = failing;
      candidate.schedule.faults[i] = triggered(fault, cause);
      if (!fails(candidate)) continue;
      failing = std::move(candidate);
      break;
    }
  }
  nemesis::put_in_order(failing.schedule);
  return failing;
}

Candidate with_round_times(Candidate failing, const Fails& fails) {
  for (const Duration unit : {Duration(100ms), Duration(10ms)}) {
    Candidate candidate = failing;
    for (Fault& fault : candidate.schedule.faults) {
      fault.at = fault.at / unit * unit;
      fault.duration = std::max(unit, fault.duration / unit * unit);
    }
    if (candidate.schedule == failing.schedule) return failing;
    if (fails(candidate)) return candidate;
  }
  return failing;
}

}  // namespace sunder::harness::shrink
