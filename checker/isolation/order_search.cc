#include "checker/isolation/order_search.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "checker/invariant.h"
#include "checker/isolation/clauses.h"
#include "checker/isolation/level_graph.h"
#include "checker/isolation/schedule.h"
#include "checker/isolation/version_pairs.h"

namespace sunder::checker::isolation {
namespace {

/// How many cycles one guess is refuted with, and how many are shown.
constexpr std::size_t cycles_at_once = 32;
constexpr std::size_t most_alternatives = 4;

/// A version that was read by the writer of another one is before it.
void put_read_versions(VersionPairs& pairs) {
  for (Version version = 0; version < pairs.versions(); ++version) {
    const std::vector<Node>& writers = pairs.problem().keys[pairs.key(version)].writers;
    for (const Node reader : pairs.readers(version)) {
      const auto at = std::lower_bound(writers.begin(), writers.end(), reader);
      if (at == writers.end() || *at != reader) continue;
      const Version later =
          pairs.first_of_key(pairs.key(version)) + static_cast<Version>(at - writers.begin());
      if (pairs.is_open(version, later)) pairs.put_before(version, later, 0);
    }
  }
}

/// The versions of each key by the places of their writers.
std::vector<Version> sorted_versions(const VersionPairs& pairs,
                                     const std::vector<std::uint32_t>& place_of_node) {
  std::vector<Version> sorted(pairs.versions());
  for (Version version = 0; version < sorted.size(); ++version) sorted[version] = version;
  std::sort(sorted.begin(), sorted.end(), [&](Version left, Version right) {
    if (pairs.key(left) != pairs.key(right)) return pairs.key(left) < pairs.key(right);
    return place_of_node[pairs.writer(left)] < place_of_node[pairs.writer(right)];
  });
  return sorted;
}

std::vector<std::uint32_t> places_of(const std::vector<Node>& order, std::size_t nodes) {
  std::vector<std::uint32_t> places(nodes, UINT32_MAX);
  for (std::uint32_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  return places;
}

/// By the first state of each.
std::vector<Node> nodes_in(const std::vector<State>& sorted, const LevelGraph& graph) {
  std::vector<Node> nodes;
  for (const State state : sorted) {
    const Node node = state / graph.layers();
    if (node < graph.problem().nodes.size() && graph.start(node) == state) nodes.push_back(node);
  }
  return nodes;
}

class OrderSearch {
 public:
  OrderSearch(const OrderProblem& problem, Forbidden forbidden, Order order,
              const OrderLimits& limits)
      : problem_(problem),
        forbidden_(forbidden),
        order_(order),
        limits_(limits),
        steps_(limits.steps, limits.budget),
        graph_(problem, forbidden, order) {}

  OrderAnswer run() {
    if (forbidden_ == Forbidden::any && answer_by_schedule(VersionPairs(problem_), false)) {
      return std::move(answer_);
    }
    if (VersionPairs::count_of(problem_, order_) > limits_.pairs) {
      for (const OpenKey& key : problem_.keys) answer_.undecided.push_back({key.key, key.writers});
      return std::move(answer_);
    }
    VersionPairs pairs(problem_, order_);
    if (forbidden_ >= Forbidden::no_rw) put_read_versions(pairs);
    // Most orders can be found before all that follows is known.
    const auto is_enough = [&](std::uint32_t round) {
      const bool is_early = round == 1 || round == 3 || round == 6;
      return is_early && forbidden_ == Forbidden::any && answer_by_schedule(pairs, false);
    };
    switch (propagate(graph_, pairs, steps_, is_enough)) {
      case Propagated::cycle:
        explain_cycle(pairs);
        break;
      case Propagated::stopped:
        leave_open(pairs);
        break;
      case Propagated::ended:
        break;
      case Propagated::settled:
        decide(pairs);
        break;
    }
    return std::move(answer_);
  }

 private:
  bool answer_by_schedule(const VersionPairs& pairs, bool goes_on) {
    const Schedule made = schedule(graph_, pairs, goes_on);
    guess_ = made.order;
    if (!made.is_executable) return false;
    accept(pairs, made.order);
    answer_.order = made.order;
    return true;
  }

  void accept(const VersionPairs& pairs, const std::vector<Node>& nodes) {
    answer_.kind = OrderAnswer::Kind::possible;
    for (const OpenKey& key : problem_.keys) answer_.versions.push_back({key.key, {}});
    for (const Version v : sorted_versions(pairs, places_of(nodes, problem_.nodes.size()))) {
      answer_.versions[pairs.key(v)].writers.push_back(pairs.writer(v));
    }
  }

  /// The cycles of the graph's states, or the one that they do not show.
  std::vector<std::vector<Link>> forbidden_cycles(std::size_t most) {
    sorted_ = graph_.sorted();
    if (!sorted_) return graph_.cycles(most);
    std::vector<std::vector<Link>> found;
    if (auto cycle = cycle_of_one_rw(graph_, *sorted_, steps_)) found.push_back(std::move(*cycle));
    return found;
  }

  void explain_cycle(const VersionPairs& pairs) {
    answer_.kind = OrderAnswer::Kind::impossible;
    const std::vector<std::vector<Link>> found = forbidden_cycles(1);
    CHECK(!found.empty(), "a cycle was found and is gone");
    for (const Link& link : found.front()) {
      answer_.cycle.push_back({link, reason_of(link, pairs, forbidden_, order_)});
    }
  }

  void leave_open(const VersionPairs& pairs) {
    answer_.kind = OrderAnswer::Kind::open;
    note_undecided(pairs);
  }

  /// The writers in open pairs; if the search refuted guesses, those that its cycles are about.
  void note_undecided(const VersionPairs& pairs) {
    std::vector<std::uint8_t> is_open(pairs.versions(), 0);
    for (const auto& [left, right] : of_variable_) is_open[left] = is_open[right] = 1;
    for (Version version = 0; of_variable_.empty() && version < pairs.versions(); ++version) {
      for (Version other = version + 1; other <= version + pairs.partners(version); ++other) {
        if (pairs.is_open(version, other)) is_open[version] = is_open[other] = 1;
      }
    }
    for (std::uint32_t key = 0; key < problem_.keys.size(); ++key) {
      WritersOfKey open{problem_.keys[key].key, {}};
      for (Version v = pairs.first_of_key(key); v < pairs.end_of_key(key); ++v) {
        if (is_open[v] != 0) open.writers.push_back(pairs.writer(v));
      }
      if (!open.writers.empty()) answer_.undecided.push_back(std::move(open));
    }
  }

  void decide(const VersionPairs& pairs) {
    if (forbidden_ == Forbidden::any && answer_by_schedule(pairs, true)) return;
    if (forbidden_ != Forbidden::any) {
      sorted_ = graph_.sorted();
      guess_ = nodes_in(*sorted_, graph_);
    }
    VersionPairs guess = pairs;
    const std::vector<std::uint32_t> places = places_of(guess_, problem_.nodes.size());
    for (Version v = 0; v < pairs.versions(); ++v) {
      for (Version other = v + 1; other <= v + pairs.partners(v); ++other) {
        if (!pairs.is_open(v, other)) continue;
        const bool is_first = places[pairs.writer(v)] < places[pairs.writer(other)];
        guess.put_before(is_first ? v : other, is_first ? other : v, VersionPairs::last_round);
      }
    }
    Clauses clauses(limits_.decisions);
    while (!refute(guess, pairs, clauses)) {
      if (!steps_.are_left()) return leave_open(pairs);
      const Clauses::Answer answer = clauses.solve();
      if (answer == Clauses::Answer::gave_up) {
        answer_.lacks_solver = !Clauses::has_solver();
        return leave_open(pairs);
      }
      if (answer == Clauses::Answer::contradictory) {
        answer_.kind = OrderAnswer::Kind::impossible;
        return note_undecided(pairs);
      }
      for (std::size_t i = 0; i < of_variable_.size(); ++i) {
        const auto [first, second] = of_variable_[i];
        const bool as_guessed = clauses.is_true(static_cast<Literal>(i) + 1);
        guess.put_before(as_guessed ? first : second, as_guessed ? second : first,
                         VersionPairs::last_round);
      }
    }
  }

  /// Adds clauses for the cycles that the guess closes. True if it closes none.
  bool refute(VersionPairs& guess, const VersionPairs& pairs, Clauses& clauses) {
    graph_.take_orders(guess);
    if (!steps_.spend(guess.versions() + graph_.arcs() + graph_.states())) return false;
    const std::vector<std::vector<Link>> found = forbidden_cycles(cycles_at_once);
    for (const std::vector<Link>& cycle : found) {
      std::vector<Literal> clause;
      for (const Link& link : cycle) {
        const std::optional<LinkedVersions> versions = versions_of(link, guess);
        if (!versions || !pairs.is_open(versions->earlier, versions->later)) continue;
        const Literal literal = -literal_of(versions->earlier, versions->later, clauses);
        if (std::find(clause.begin(), clause.end(), literal) == clause.end()) {
          clause.push_back(literal);
        }
      }
      clauses.add(std::move(clause));
      if (answer_.alternatives.size() < most_alternatives) answer_.alternatives.push_back(cycle);
    }
    if (!found.empty() || !steps_.are_left()) return false;
    answer_.alternatives.clear();
    const std::vector<Node> nodes = nodes_in(*sorted_, graph_);
    accept(guess, nodes);
    if (forbidden_ == Forbidden::any) answer_.order = nodes;
    return true;
  }

  /// True if `earlier` is before `later`.
  Literal literal_of(Version earlier, Version later, Clauses& clauses) {
    const auto key = [](Version left, Version right) {
      return (std::uint64_t{left} << 32U) | right;
    };
    const auto known = variables_.find(key(std::min(earlier, later), std::max(earlier, later)));
    if (known != variables_.end()) {
      const bool is_first =
          of_variable_[static_cast<std::size_t>(known->second) - 1].first == earlier;
      return is_first ? known->second : -known->second;
    }
    const Literal variable = clauses.new_variable();
    variables_.emplace(key(std::min(earlier, later), std::max(earlier, later)), variable);
    of_variable_.emplace_back(earlier, later);
    return variable;
  }

  const OrderProblem& problem_;
  Forbidden forbidden_;
  Order order_;
  const OrderLimits& limits_;
  Steps steps_;
  LevelGraph graph_;
  OrderAnswer answer_;
  /// Nodes in an order that is right in most places.
  std::vector<Node> guess_;
  std::optional<std::vector<State>> sorted_;
  std::unordered_map<std::uint64_t, Literal> variables_;
  /// Of each variable the version that it puts first if it is true, and the other one.
  std::vector<std::pair<Version, Version>> of_variable_;
};

}  // namespace

OrderAnswer find_order(const OrderProblem& problem, Forbidden forbidden, Order order,
                       const OrderLimits& limits) {
  return OrderSearch(problem, forbidden, order, limits).run();
}

}  // namespace sunder::checker::isolation
