#include "checker/isolation/cycle_search.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "checker/isolation/strong_components.h"
#include "checker/isolation/walk.h"

namespace sunder::checker::isolation {

namespace {

/// The kinds of value edges in cycles of that shape.
constexpr ArcKinds value_kinds(Shape shape) {
  if (shape == Shape::g0) return {ArcKind::ww};
  if (shape == Shape::g1c || shape == Shape::g_single) return {ArcKind::ww, ArcKind::wr};
  return value_arcs();
}

/// Each cycle is searched from an edge of this kind.
constexpr ArcKind first_kind(Shape shape) {
  if (shape == Shape::g0) return ArcKind::ww;
  return shape == Shape::g1c ? ArcKind::wr : ArcKind::rw;
}

/// What a walk has seen since its first edge, as bits.
class WalkState {
 public:
  WalkState(Shape shape, Order order) : shape_(shape), needs_order_(order != Order::values) {}

  static constexpr unsigned count = 8;
  static constexpr unsigned impossible = count;

  unsigned first() const {
    if (shape_ == Shape::g_nonadjacent) return last_was_rw;
    return 0;
  }
  unsigned after(unsigned state, ArcKind kind) const {
    if (is_pass(kind)) return state;
    const bool second_in_a_row = shape_ == Shape::g2_item && (state & other_rw) == 0;
    if (kind == ArcKind::rw) {
      if ((state & last_was_rw) != 0) return impossible;
      return state | other_rw | (shape_ == Shape::g_nonadjacent ? last_was_rw : 0U);
    }
    if (second_in_a_row) return impossible;
    return (state & ~last_was_rw) | (is_order(kind) ? ordered : 0U);
  }
  bool closes(unsigned state) const {
    if (needs_order_ && (state & ordered) == 0) return false;
    if (shape_ == Shape::g_nonadjacent) return (state & (other_rw | last_was_rw)) == other_rw;
    return shape_ != Shape::g2_item || (state & other_rw) != 0;
  }

 private:
  static constexpr unsigned ordered = 1;
  static constexpr unsigned other_rw = 2;
  static constexpr unsigned last_was_rw = 4;

  Shape shape_;
  bool needs_order_;
};

/// An arc with the node at which it begins.
struct PlacedArc {
  Node from = 0;
  Arc arc;
};

class Searcher {
 public:
  Searcher(const Component& component, const Transactions& transactions, const ListOrders& orders,
           std::uint64_t steps, Budget& budget)
      : component_(component),
        transactions_(transactions),
        orders_(orders),
        most_steps_(steps),
        budget_(budget) {}

  FoundCycles find() {
    for (const auto order : {Order::values, Order::session, Order::real_time}) {
      const auto all = value_arcs() | arcs_of(order);
      if (!find_groups(all, whole_)) continue;
      find_layers(all);
      for (const auto shape :
           {Shape::g0, Shape::g1c, Shape::g_single, Shape::g_nonadjacent, Shape::g2_item}) {
        find_class({shape, order});
      }
    }
    return std::move(found_);
  }

 private:
  using Groups = std::vector<Node>;

  /// The strongly connected groups over arcs of these kinds. False if each is one node.
  bool find_groups(ArcKinds kinds, Groups& groups) const {
    groups.assign(component_.node_count(), 0);
    Node next_group = 0;
    bool any = false;
    const auto next = [&](Node node, std::uint32_t& cursor, Node& to) {
      return component_.next(node, kinds, cursor, to);
    };
    find_strong_components(component_.node_count(), next, [&](std::span<const Node> nodes) {
      for (const auto node : nodes) groups[node] = next_group;
      any = any || nodes.size() > 1;
      ++next_group;
    });
    return any;
  }

  /// The groups of a graph of two layers, in which an rw edge leads to the second one and must not
  /// follow another rw edge; all other edges lead to the first one. Node 2n + 1 is n in the second.
  void find_layers(ArcKinds kinds) {
    layers_.assign(2 * std::size_t{component_.node_count()}, 0);
    Node next_group = 0;
    const auto next = [&](Node layered, std::uint32_t& cursor, Node& to) {
      const auto arcs = component_.arcs(layered / 2);
      const bool after_rw = layered % 2 == 1;
      const bool is_auxiliary = layered / 2 >= component_.transaction_count();
      for (; cursor < arcs.size(); ++cursor) {
        const auto kind = arcs[cursor].kind();
        if (!kinds.has(kind) || (kind == ArcKind::rw && after_rw)) continue;
        const bool stays = is_auxiliary && after_rw;
        to = 2 * arcs[cursor].to + (kind == ArcKind::rw || stays ? 1 : 0);
        ++cursor;
        return true;
      }
      return false;
    };
    find_strong_components(2 * component_.node_count(), next, [&](std::span<const Node> nodes) {
      for (const auto node : nodes) layers_[node] = next_group;
      ++next_group;
    });
  }

  /// Edges from which a cycle of the class may begin.
  std::vector<PlacedArc> candidates(CycleClass wanted, const Groups& groups) const {
    const bool by_layers = wanted.shape == Shape::g_single || wanted.shape == Shape::g_nonadjacent;
    std::vector<PlacedArc> found;
    for (Node node = 0; node < component_.transaction_count(); ++node) {
      for (const auto& arc : component_.arcs(node)) {
        if (arc.kind() != first_kind(wanted.shape)) continue;
        const bool returns = by_layers ? layers_[2 * node] == layers_[2 * arc.to + 1]
                                       : groups[node] == groups[arc.to];
        if (returns) found.push_back({node, arc});
      }
    }
    return found;
  }

  void find_class(CycleClass wanted) {
    const auto kinds = value_kinds(wanted.shape) | arcs_of(wanted.order);
    auto* groups = &whole_;
    if (wanted.shape == Shape::g0 || wanted.shape == Shape::g1c) {
      if (!find_groups(kinds, part_)) return;
      groups = &part_;
    }
    steps_ = 0;
    std::size_t shortest = std::numeric_limits<std::size_t>::max();
    const auto firsts = candidates(wanted, *groups);
    if (wanted.order != Order::values && wanted.shape <= Shape::g_single) {
      for (const auto& first : firsts) {
        const auto cycle = cycle_of_two(first, wanted.order);
        if (!cycle) continue;
        shortest = 2;
        note(*cycle, first.arc.key());
      }
      if (shortest == 2) return;
    }
    for (const auto& first : firsts) {
      const bool found_any = shortest != std::numeric_limits<std::size_t>::max();
      constexpr std::uint64_t patience = 20;
      const bool must_find = wanted.shape == Shape::g_single;
      if (steps_ > most_steps_ * (found_any || !must_find ? 1 : patience)) {
        if (must_find && !found_any) found_.gave_up[wanted.order] = true;
        break;
      }
      const WalkState rules(wanted.shape, wanted.order);
      const auto walk = breadth_first(first, rules, kinds, *groups, shortest);
      if (!walk) continue;
      shortest = std::min(shortest, walk->size());
      for (const auto& cycle : simple_cycles_of(*walk)) note(cycle, first.arc.key());
    }
  }

  void note(const Cycle& cycle, KeyId key) {
    const auto same = canonical(cycle);
    if (!seen_.insert(same).second) return;
    auto& of_class = found_.classes[class_of(cycle)];
    ++of_class.counts[key];
    of_class.add(same, is_certain(same, transactions_, orders_));
  }

  const Transaction& transaction(Node node) const {
    return transactions_.transactions[component_.id_of(node)];
  }

  bool is_before(Node node, Node other, Order order) const {
    const auto& earlier = transaction(node);
    const auto& later = transaction(other);
    if (earlier.outcome != history::Outcome::ok) return false;
    if (order == Order::session) return earlier.process == later.process && node < other;
    return earlier.returned < later.invoked;
  }

  /// That edge and one of the order, if they are a cycle.
  std::optional<Cycle> cycle_of_two(const PlacedArc& first, Order order) const {
    const auto target = first.arc.to;
    if (target >= component_.transaction_count() || !is_before(target, first.from, order)) {
      return std::nullopt;
    }
    const auto kind = order == Order::session ? EdgeKind::process : EdgeKind::real_time;
    return Cycle{edge_of(component_, first.from, target, first.arc),
                 {kind, component_.id_of(target), component_.id_of(first.from), 0}};
  }

  /// A node in a state, how it was reached, and the place before.
  struct Reached {
    Node node = 0;
    unsigned state = 0;
    std::uint32_t before = 0;
    Arc by;
  };

  bool visit(Node node, unsigned state) {
    auto& mark = visited_[node];
    if (mark.search != search_) mark = {search_, 0};
    const auto bit = static_cast<std::uint8_t>(1U << state);
    if ((mark.states & bit) != 0) return false;
    mark.states = static_cast<std::uint8_t>(mark.states | bit);
    return true;
  }

  /// A closed walk of the class that begins with that edge; none if it is longer than `longest`.
  std::optional<Cycle> breadth_first(const PlacedArc& first, const WalkState& rules, ArcKinds kinds,
                                     const Groups& groups, std::size_t longest) {
    visited_.resize(component_.node_count());
    ++search_;
    reached_.clear();
    std::vector<std::uint32_t> level{0};
    std::vector<std::uint32_t> next_level;
    reached_.push_back({first.arc.to, rules.first(), 0, first.arc});
    visit(first.arc.to, rules.first());
    for (std::size_t length = 1; !level.empty() && length <= longest; ++length) {
      // Auxiliary nodes first: what they lead to is of the same length.
      for (std::size_t i = 0; i < level.size(); ++i) {
        if (reached_[level[i]].node >= component_.transaction_count()) {
          expand(level[i], rules, kinds, groups[first.from], groups, level);
        }
      }
      for (const auto place : level) {
        const auto& reached = reached_[place];
        if (reached.node >= component_.transaction_count()) continue;
        if (reached.node == first.from && rules.closes(reached.state)) {
          return walk_to(place, first.from);
        }
        expand(place, rules, kinds, groups[first.from], groups, next_level);
      }
      budget_.spend(level.size() * sizeof(Reached));
      level.swap(next_level);
      next_level.clear();
    }
    return std::nullopt;
  }

  void expand(std::uint32_t place, const WalkState& rules, ArcKinds kinds, Node group,
              const Groups& groups, std::vector<std::uint32_t>& level) {
    const auto [node, state, before, by] = reached_[place];
    for (const auto& arc : component_.arcs(node)) {
      ++steps_;
      if (!kinds.has(arc.kind()) || groups[arc.to] != group) continue;
      const auto after = rules.after(state, arc.kind());
      if (after == WalkState::impossible || !visit(arc.to, after)) continue;
      level.push_back(static_cast<std::uint32_t>(reached_.size()));
      reached_.push_back({arc.to, after, place, arc});
    }
  }

  Cycle walk_to(std::uint32_t place, Node start) const {
    std::vector<Arc> arcs{reached_[place].by};
    for (; place != 0; place = reached_[place].before) {
      arcs.push_back(reached_[reached_[place].before].by);
    }
    std::reverse(arcs.begin(), arcs.end());
    return edges_along(component_, start, arcs);
  }

  struct Mark {
    std::uint32_t search = 0;
    std::uint8_t states = 0;
  };

  const Component& component_;
  const Transactions& transactions_;
  const ListOrders& orders_;
  std::uint64_t most_steps_;
  Budget& budget_;
  FoundCycles found_;
  std::set<Cycle> seen_;
  Groups whole_;
  Groups part_;
  Groups layers_;
  std::uint64_t steps_ = 0;
  std::vector<Mark> visited_;
  std::uint32_t search_ = 0;
  std::vector<Reached> reached_;
};

}  // namespace

void FoundCycles::add(const FoundCycles& other) {
  for (const auto& [cycle_class, cycles] : other.classes) {
    auto& own = classes[cycle_class];
    own.add(cycles.shortest, cycles.certain);
    for (const auto& [key, count] : cycles.counts) own.counts[key] += count;
  }
  for (const auto& [order, is] : other.gave_up) gave_up[order] = gave_up[order] || is;
}

FoundCycles find_cycles(const Component& component, const Transactions& transactions,
                        const ListOrders& orders, std::uint64_t steps, Budget& budget) {
  return Searcher(component, transactions, orders, steps, budget).find();
}

}  // namespace sunder::checker::isolation
