#include "checker/isolation/order_search.h"

#include <algorithm>
#include <numeric>
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
constexpr std::size_t cycles_at_once = 512;
constexpr std::size_t cycles_of_a_component = 16;
constexpr std::size_t most_alternatives = 4;
/// How many guesses may be refuted before all that follows is known.
constexpr std::size_t early_refutations = 64;

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
    const std::uint64_t count = VersionPairs::count_of(problem_, order_);
    // Where many writers overlap, what follows from their pairs is needed and is near in time.
    const bool is_crowded = order_ == Order::real_time && count > problem_.nodes.size() / 4;
    if (forbidden_ == Forbidden::any && (!is_crowded || count > limits_.pairs) &&
        answer_by_schedule(VersionPairs(problem_), false)) {
      return std::move(answer_);
    }
    const bool may_go_by_time = forbidden_ == Forbidden::any && order_ != Order::real_time;
    if (may_go_by_time && is_found_by_time()) return std::move(answer_);
    if (count > limits_.pairs) {
      for (const OpenKey& key : problem_.keys) answer_.undecided.push_back({key.key, key.writers});
      return std::move(answer_);
    }
    VersionPairs pairs(problem_, order_);
    if (forbidden_ >= Forbidden::no_rw) put_read_versions(pairs);
    switch (follow(pairs)) {
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
  /// What follows from the pairs. Most orders can be found before all of that is known, once a
  /// round finds little: `ended` says that one was.
  Propagated follow(VersionPairs& pairs) {
    std::uint64_t open_before = 0;
    bool was_tried = false;
    return propagate(graph_, pairs, steps_, [&](std::uint32_t round) {
      const std::uint64_t before = std::exchange(open_before, pairs.open());
      const bool is_slow = round > 0 && before - pairs.open() < before / 8;
      if (was_tried || !is_slow || forbidden_ != Forbidden::any) return false;
      was_tried = true;
      return is_decided_early(pairs);
    });
  }

  /// Whether there is an order in which writers that do not overlap are in the order of time,
  /// though the level does not ask for that. If not, nothing follows from it.
  bool is_found_by_time() {
    if (VersionPairs::count_of(problem_, Order::real_time) > limits_.pairs) return false;
    VersionPairs pairs(problem_, Order::real_time);
    put_read_versions(pairs);
    const Propagated followed = follow(pairs);
    if (followed == Propagated::ended) return true;
    if (followed == Propagated::settled && is_decided_early(pairs)) return true;
    answer_ = {};
    steps_ = Steps(limits_.steps, limits_.budget);
    return false;
  }

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
    std::vector<std::uint32_t> end(problem_.nodes.size() + 1, 0);
    for (Version v = 0; v < pairs.versions(); ++v) ++end[pairs.writer(v)];
    std::partial_sum(end.begin(), end.end(), end.begin());
    std::vector<Version> written(pairs.versions());
    for (Version v = static_cast<Version>(pairs.versions()); v-- > 0;) {
      written[--end[pairs.writer(v)]] = v;
    }
    for (const Node node : nodes) {
      for (std::uint32_t i = end[node]; i < end[node + 1]; ++i) {
        answer_.versions[pairs.key(written[i])].writers.push_back(node);
      }
    }
  }

  /// The cycles of the graph's states, or the one that they do not show.
  std::vector<std::vector<Link>> forbidden_cycles(std::size_t most, std::size_t of_each) {
    std::vector<std::vector<Link>> found = graph_.cycles(most, of_each);
    if (!found.empty()) return found;
    sorted_ = graph_.sorted();
    CHECK(sorted_, "states have a cycle that no component shows");
    if (auto cycle = cycle_of_one_rw(graph_, *sorted_, steps_)) found.push_back(std::move(*cycle));
    return found;
  }

  void explain_cycle(const VersionPairs& pairs) {
    answer_.kind = OrderAnswer::Kind::impossible;
    const std::vector<std::vector<Link>> found = forbidden_cycles(1, 1);
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

  /// Whether there is an order. The graph has the orders of the pairs again if none was found.
  bool is_decided_early(VersionPairs& pairs) {
    if (answer_by_schedule(pairs, true)) return true;
    VersionPairs guess = guess_of(pairs);
    Clauses clauses(limits_.decisions);
    if (repair(guess, pairs, clauses, early_refutations) == Repair::fits) return true;
    answer_ = {};
    variables_.clear();
    of_variable_.clear();
    graph_.take_orders(pairs);
    return false;
  }

  void decide(const VersionPairs& pairs) {
    if (forbidden_ == Forbidden::any && answer_by_schedule(pairs, true)) return;
    if (forbidden_ != Forbidden::any) {
      sorted_ = graph_.sorted();
      guess_ = nodes_in(*sorted_, graph_);
    }
    VersionPairs guess = guess_of(pairs);
    Clauses clauses(limits_.decisions);
    switch (repair(guess, pairs, clauses, SIZE_MAX)) {
      case Repair::fits:
        return;
      case Repair::contradictory:
        answer_.kind = OrderAnswer::Kind::impossible;
        return note_undecided(pairs);
      case Repair::gave_up:
        answer_.lacks_solver = !Clauses::has_solver();
        return leave_open(pairs);
      case Repair::stopped:
        return leave_open(pairs);
    }
  }

  /// The pairs, and those that are open in the order of `guess_`.
  VersionPairs guess_of(const VersionPairs& pairs) const {
    VersionPairs guess = pairs;
    const std::vector<std::uint32_t> places = places_of(guess_, problem_.nodes.size());
    for (Version v = 0; v < pairs.versions(); ++v) {
      for (Version other = v + 1; other <= v + pairs.partners(v); ++other) {
        if (!pairs.is_open(v, other)) continue;
        const bool is_first = places[pairs.writer(v)] < places[pairs.writer(other)];
        guess.put_before(is_first ? v : other, is_first ? other : v, VersionPairs::last_round);
      }
    }
    return guess;
  }

  enum class Repair : std::uint8_t { fits, contradictory, gave_up, stopped };

  /// Changes the guess until it closes no forbidden cycle.
  Repair repair(VersionPairs& guess, const VersionPairs& pairs, Clauses& clauses,
                std::size_t refutations) {
    while (!refute(guess, pairs, clauses)) {
      if (!steps_.are_left() || refutations-- == 0) return Repair::stopped;
      const Clauses::Answer answer = clauses.solve();
      if (answer == Clauses::Answer::gave_up) return Repair::gave_up;
      if (answer == Clauses::Answer::contradictory) return Repair::contradictory;
      for (std::size_t i = 0; i < of_variable_.size(); ++i) {
        const auto [first, second] = of_variable_[i];
        const bool as_guessed = clauses.is_true(static_cast<Literal>(i) + 1);
        guess.put_before(as_guessed ? first : second, as_guessed ? second : first,
                         VersionPairs::last_round);
      }
    }
    return Repair::fits;
  }

  /// Adds clauses for the cycles that the guess closes. True if it closes none.
  bool refute(VersionPairs& guess, const VersionPairs& pairs, Clauses& clauses) {
    graph_.take_orders(guess);
    if (!steps_.spend(guess.versions() + graph_.arcs() + graph_.states())) return false;
    const std::vector<std::vector<Link>> found =
        forbidden_cycles(cycles_at_once, cycles_of_a_component);
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
