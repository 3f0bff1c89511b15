#pragma once
// The graph that a level looks at: the known edges, the order of processes or real time, and what
// follows from the known orders of versions. A *state* is a point of the graph and what a path
// remembers of the rw edges that it took; a path of states can be closed to a forbidden cycle.
// Surprise: some points are no nodes. A barrier stands for a moment of time, so that real time
// needs three arcs a node; a hub joins the readers of a version with the writers behind it.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/isolation/level.h"
#include "checker/isolation/order_problem.h"
#include "checker/isolation/version_pairs.h"

namespace sunder::checker::isolation {

using State = std::uint32_t;

/// A part of a path between nodes. Barriers and hubs are left out.
struct Link {
  EdgeKind kind = EdgeKind::ww;
  Node from = 0;
  Node to = 0;
  KeyId key = 0;
};

class LevelGraph {
 public:
  LevelGraph(const OrderProblem& problem, Forbidden forbidden, Order order);

  /// Takes the orders of versions that are known in the place of earlier ones.
  void take_orders(VersionPairs& pairs);
  /// The same for those known up to that round.
  void take_orders_of(const VersionPairs& pairs, std::uint32_t round);

  std::size_t states() const { return (base_points_ + hubs_) * layers_; }
  std::size_t arcs() const { return fixed_.arcs.size() + derived_.arcs.size(); }
  /// Where a path begins that goes on from the node in any way.
  State start(Node node) const { return node * layers_; }
  /// Where a path begins that came to the node by an rw.
  State start_after_rw(Node node) const {
    return node * layers_ + (forbidden_ == Forbidden::no_adjacent_rw ? 1 : 0);
  }
  /// Where a path ends that an rw from the node may close. The same as its start.
  State end_before_rw(Node node) const { return node * layers_; }
  std::uint32_t layers() const { return layers_; }
  Forbidden forbidden() const { return forbidden_; }

  template <typename Visit>
  void for_each_next(State state, const Visit& visit) const {
    const std::uint32_t point = state / layers_;
    const std::uint32_t layer = state % layers_;
    visit_arcs(fixed_, point, layer, visit);
    visit_arcs(derived_, point, layer, visit);
  }

  /// The states so that each is behind those that lead to it. Absent if there is a cycle.
  std::optional<std::vector<State>> sorted() const;
  /// Short cycles that are forbidden, from the smallest components on: at most so many, and so many
  /// of a component, of which the shortest comes first. If no states are sorted, there is one.
  std::vector<std::vector<Link>> cycles(std::size_t most, std::size_t of_each) const;
  /// A shortest path from the state to one of `ends`. Empty if there is none.
  std::vector<Link> path(State from, const std::vector<State>& ends) const;
  /// The edges of rw, those through hubs too.
  std::vector<Link> rw_edges() const;
  const OrderProblem& problem() const { return *problem_; }

 private:
  /// ww, wr, rw, process and real_time as in EdgeKind, and arcs that change nothing.
  static constexpr std::uint32_t pass = 5;
  struct Arc {
    std::uint32_t to = 0;
    /// The kind in the three lowest bits, the key above them.
    std::uint32_t label = 0;
    std::uint32_t kind() const { return label & 7U; }
  };
  struct Arcs {
    std::vector<std::uint32_t> begin;
    std::vector<Arc> arcs;
  };
  struct NewArc {
    std::uint32_t from = 0;
    Arc arc;
  };

  static Arcs arcs_of(const std::vector<NewArc>& arcs, std::size_t points);

  template <typename Visit>
  void visit_arcs(const Arcs& arcs, std::uint32_t point, std::uint32_t layer,
                  const Visit& visit) const {
    if (point + 1 >= arcs.begin.size()) return;
    for (std::uint32_t i = arcs.begin[point]; i < arcs.begin[point + 1]; ++i) {
      const Arc& arc = arcs.arcs[i];
      const std::int8_t next = next_layer_[arc.kind()][layer];
      if (next >= 0) visit(arc.to * layers_ + static_cast<std::uint32_t>(next), arc.label);
    }
  }

  void add(std::uint32_t from, std::uint32_t to, std::uint32_t kind, KeyId key = 0);
  void add_processes();
  void add_barriers();
  /// The orders from a version to those behind it.
  void add_successors(const VersionPairs& pairs, Version version,
                      const std::vector<Version>& successors);
  /// An rw from each reader to each writer but itself.
  void add_rw(std::span<const Node> readers, const std::vector<Node>& writers, KeyId key);
  void add_rw_through(std::uint32_t hub, std::span<const Node> readers,
                      const std::vector<Node>& writers, KeyId key);
  void take(const VersionPairs& pairs, const std::vector<std::vector<Version>>& successors);
  void sort_by_invocation(std::vector<std::uint32_t>& before, std::vector<State>& order) const;
  std::vector<Link> links_of(const std::vector<State>& states) const;
  std::uint32_t label_between(State from, State to) const;
  /// What a search needs of each state. Used again, because it costs more than a short search.
  struct Search {
    std::vector<State> parent;
    std::vector<std::uint8_t> is_end;
  };
  /// Counts the state's arcs in `cursor`, from 0 on. False behind the last one.
  bool next_state(State state, std::uint32_t& cursor, State& to) const;
  /// The states of nodes in each component that has several of them. In `component_of` the number
  /// of each state's component from 1 on, 0 of all others.
  std::vector<std::vector<State>> components_of_nodes(
      std::vector<std::uint32_t>& component_of) const;
  /// As path(); only states of that component, if there is one.
  std::vector<State> states_between(const std::vector<std::uint32_t>* component, State from,
                                    const std::vector<State>& ends, Search& search) const;

  const OrderProblem* problem_;
  Forbidden forbidden_;
  Order order_;
  std::uint32_t layers_;
  std::array<std::array<std::int8_t, 2>, 6> next_layer_{};
  std::size_t base_points_ = 0;
  std::size_t hubs_ = 0;
  Arcs fixed_;
  Arcs derived_;
  std::vector<NewArc> new_arcs_;
  /// Behind the version whose orders are added.
  std::vector<Node> writers_;
};

}  // namespace sunder::checker::isolation
