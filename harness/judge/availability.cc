#include "harness/judge/availability.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nemesis/schedule/duration.h"

namespace sunder::harness {

namespace {

using history::Event;
using history::Time;
using nemesis::NodeNumber;
// One bit a node, n1 the lowest.
using NodeSet = std::uint32_t;

constexpr std::string_view heal_prefix = "heal-";

NodeSet bit_of(NodeNumber node) {
  return NodeSet{1} << (node - 1);
}

bool changes_voters(std::span<const Event> faults) {
  return std::any_of(faults.begin(), faults.end(), [](const Event& event) {
    return event.value.text_or("kind", "") == "membership";
  });
}

/// A network as any may be: the timeouts of elections are far longer.
bool is_slight_delay(const Event& fault) {
  constexpr auto slight = std::chrono::milliseconds(7);
  const bool is_steady =
      fault.value.text_or("kind", "") == "delay" && fault.value.text_or("shape", "") == "fixed";
  const auto delay = nemesis::parse_duration(fault.value.text_or("delay", ""));
  return is_steady && delay && *delay <= slight;
}

/// What one fault disturbs.
struct Disturbance {
  NodeSet nodes = 0;
  /// Both ends of each link.
  std::set<NodeSet> pairs;
};

Disturbance disturbance_by(const Event& fault) {
  Disturbance disturbance;
  const auto kind = fault.value.text_or("kind", "");
  if (kind == "transfer" || kind == "duplicate" || is_slight_delay(fault)) return disturbance;
  const auto links = fault.value.texts("links");
  for (const std::string_view link : links) {
    const auto arrow = link.find("->");
    if (arrow == std::string_view::npos) continue;
    disturbance.pairs.insert(bit_of(nemesis::node_number(link.substr(0, arrow))) |
                             bit_of(nemesis::node_number(link.substr(arrow + 2))));
  }
  if (!links.empty()) return disturbance;
  for (const auto& name : fault.value.texts("targets")) {
    disturbance.nodes |= bit_of(nemesis::node_number(name));
  }
  return disturbance;
}

/// The events in their order, and the begin of each stall, which is recorded at its end.
std::vector<Event> with_stalls_begun(std::span<const Event> faults) {
  std::vector<Event> events;
  for (const auto& event : faults) {
    events.push_back(event);
    const auto* took = event.value.integer("took_ms");
    if (event.f != "stall-report" || took == nullptr) continue;
    events.back().f = "stall-begun";
    events.back().time -= std::chrono::milliseconds(*took);
    events.push_back(event);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& left, const Event& right) { return left.time < right.time; });
  return events;
}

/// What is active, as the events come.
class Disturbances {
 public:
  /// Whether anything changed.
  bool observe(const Event& event) {
    if (event.f == "stall-begun" || event.f == "stall-report") {
      is_stalled_ = event.f == "stall-begun";
      return true;
    }
    if (event.f == "crash") {
      ended_ |= bit_of(nemesis::node_number(event.value.text_or("node", "")));
      return true;
    }
    const auto* id = event.value.integer("id");
    if (id == nullptr || event.f.starts_with("skip-")) return false;
    if (event.f.starts_with(heal_prefix)) return active_.erase(*id) > 0;
    active_[*id] = disturbance_by(event);
    return true;
  }

  bool spare(NodeSet nodes) const {
    if (is_stalled_ || (ended_ & nodes) != 0) return false;
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
  bool is_stalled_ = false;
};

std::vector<NodeSet> smallest_majorities(int node_count) {
  std::vector<NodeSet> majorities;
  for (NodeSet nodes = 0; nodes < NodeSet{1} << node_count; ++nodes) {
    if (std::popcount(nodes) == node_count / 2 + 1) majorities.push_back(nodes);
  }
  return majorities;
}

std::vector<NodeNumber> members_of(NodeSet nodes) {
  std::vector<NodeNumber> members;
  for (NodeNumber node = 1; nodes >> (node - 1) != 0; ++node) {
    if ((nodes & bit_of(node)) != 0) members.push_back(node);
  }
  return members;
}

/// When operations were asked for and when answered, each in order.
struct Traffic {
  std::vector<Time> asked;
  std::vector<Time> answered;
};

Traffic traffic_in(const history::History& history) {
  Traffic traffic;
  for (const auto& operation : history.operations) {
    traffic.asked.push_back(operation.invoked_at);
    if (operation.outcome == history::Outcome::ok) {
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

/// The longest, from a question that nobody answered on.
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

std::vector<UndisturbedMajority> undisturbed_majorities(std::span<const Event> faults,
                                                        int node_count, Time end, Time shortest) {
  std::vector<UndisturbedMajority> spans;
  // Beyond that there are too many majorities to look at each.
  constexpr int most_nodes = 15;
  if (changes_voters(faults) || node_count > most_nodes) return spans;
  Disturbances disturbances;
  std::map<NodeSet, Time> undisturbed_since;
  const auto majorities = smallest_majorities(node_count);
  for (const auto majority : majorities) undisturbed_since[majority] = Time{0};
  const auto close = [&](NodeSet majority, Time since, Time until) {
    if (until - since >= shortest) spans.push_back({members_of(majority), since, until});
  };
  for (const auto& event : with_stalls_begun(faults)) {
    if (!disturbances.observe(event)) continue;
    for (const auto majority : majorities) {
      const auto since = undisturbed_since.find(majority);
      const bool is_spared = disturbances.spare(majority);
      if (is_spared && since == undisturbed_since.end()) {
        undisturbed_since[majority] = event.time;
      } else if (!is_spared && since != undisturbed_since.end()) {
        close(majority, since->second, event.time);
        undisturbed_since.erase(since);
      }
    }
  }
  for (const auto& [majority, since] : undisturbed_since) close(majority, since, end);
  std::stable_sort(spans.begin(), spans.end(),
                   [](const auto& left, const auto& right) { return left.from < right.from; });
  return spans;
}

checker::CheckResult check_availability(const history::History& history, int node_count,
                                        Time bound) {
  checker::CheckResult result{"availability", checker::Validity::valid, {}, "history", {}, {}};
  result.message =
      fmt::format("no majority was undisturbed for {:.1f} s", history::seconds_of(bound));
  const auto traffic = traffic_in(history);
  if (traffic.answered.empty()) return result;
  Time longest{0};
  for (const auto& span :
       undisturbed_majorities(history.faults, node_count, traffic.asked.back(), bound)) {
    // Before its first answer the system was starting.
    const auto silence =
        longest_silence(traffic, std::max(span.from, traffic.answered.front()), span.until);
    longest = std::max(longest, silence.until - silence.from);
    if (longest >= bound) {
      std::vector<std::string> names;
      for (const auto node : span.nodes) names.push_back(nemesis::node_name(node));
      result.validity = checker::Validity::invalid;
      result.message = fmt::format(
          "no operation was answered from {:.1f} s to {:.1f} s, though {} were up and connected",
          history::seconds_of(silence.from), history::seconds_of(silence.until),
          fmt::join(names, ", "));
      return result;
    }
    result.message =
        fmt::format("while a majority was up and connected, {} ms without an answer at most",
                    longest / std::chrono::milliseconds(1));
  }
  return result;
}

bool is_undisturbed(std::span<const Event> faults, int node_count, Time from, Time until) {
  const NodeSet all = (NodeSet{1} << node_count) - 1;
  Disturbances disturbances;
  bool is_spared = true;
  for (const auto& event : with_stalls_begun(faults)) {
    if (event.time >= until) break;
    if (event.time > from && !is_spared) return false;
    disturbances.observe(event);
    is_spared = disturbances.spare(all);
  }
  return is_spared;
}

checker::CheckResult check_transfers(std::span<const Event> faults, int node_count, Time bound) {
  constexpr std::int64_t fair_chances = 5;
  checker::CheckResult result{
      "leadership transfer", checker::Validity::valid, {}, "history", {}, {}};
  if (changes_voters(faults)) {
    result.message = "faults changed who votes: nobody here knows who can lead";
    return result;
  }
  std::size_t carried_out = 0;
  for (const auto& event : faults) {
    const bool is_given_up = event.f.starts_with("skip-");
    const auto* taken = event.value.integer("taken");
    const auto* took = event.value.integer("took_ms");
    const bool is_transfer = event.value.text_or("kind", "") == "transfer";
    if (!is_transfer || taken == nullptr || took == nullptr) continue;
    if (!is_given_up) ++carried_out;
    const auto from = event.time - std::chrono::milliseconds(*took);
    const bool is_slow = *taken >= fair_chances && event.time - from >= bound;
    if (!is_slow || !is_undisturbed(faults, node_count, from, event.time)) continue;
    result.validity = checker::Validity::invalid;
    result.message = fmt::format(
        "leadership was to be handed to {} from {:.1f} s on; nothing disturbed the nodes, they "
        "took "
        "the order {} times, and it was not carried out {} {:.1f} s",
        fmt::join(event.value.texts("targets"), ", "), history::seconds_of(from), *taken,
        is_given_up ? "until" : "before", history::seconds_of(event.time));
    return result;
  }
  result.message = fmt::format("{} orders to hand leadership over were carried out", carried_out);
  return result;
}

}  // namespace sunder::harness
