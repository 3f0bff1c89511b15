#pragma once
// One strongly connected component of the graph with all of its edges, for searches in it: value
// edges, process edges and realtime edges, each in the place of which a search may leave out.
// Invariant: its transactions are its first nodes. Surprise: like barriers, process edges go
// through auxiliary nodes: the next transaction of the client in the component, from which arcs of
// kind `pass_process` lead to the ones after it.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "checker/isolation/graph.h"
#include "checker/isolation/level.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

/// A set of kinds of arcs.
class ArcKinds {
 public:
  constexpr ArcKinds(std::initializer_list<ArcKind> kinds) {
    for (const auto kind : kinds) bits_ |= 1U << static_cast<unsigned>(kind);
  }
  constexpr bool has(ArcKind kind) const {
    return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0;
  }
  constexpr ArcKinds operator|(ArcKinds other) const {
    auto both = *this;
    both.bits_ |= other.bits_;
    return both;
  }

 private:
  unsigned bits_ = 0;
};

/// Those of value edges.
constexpr ArcKinds value_arcs() {
  return {ArcKind::ww, ArcKind::wr, ArcKind::rw, ArcKind::pass};
}
/// Those of an order between transactions.
constexpr ArcKinds arcs_of(Order order) {
  if (order == Order::session) return {ArcKind::process, ArcKind::pass_process};
  if (order == Order::real_time) return {ArcKind::real_time, ArcKind::pass_real_time};
  return {};
}

class Component {
 public:
  /// `nodes` of the graph. `numbers` has a place for each node of the graph, all `nobody`, and is
  /// left like that. Without known clients there are no process edges.
  Component(const Graph& graph, const Transactions& transactions, std::span<const Node> nodes,
            bool clients_are_known, std::vector<Node>& numbers);

  Node node_count() const { return static_cast<Node>(first_arc_.size()) - 1; }
  /// How many of its nodes are transactions.
  Node transaction_count() const { return static_cast<Node>(ids_.size()); }
  TransactionId id_of(Node node) const { return ids_[node]; }
  std::span<const Arc> arcs(Node node) const {
    return std::span(arcs_).subspan(first_arc_[node], first_arc_[node + 1] - first_arc_[node]);
  }

  /// For find_strong_components(), over arcs of these kinds.
  bool next(Node node, ArcKinds kinds, std::uint32_t& cursor, Node& to) const {
    const auto own = arcs(node);
    while (cursor < own.size() && !kinds.has(own[cursor].kind())) ++cursor;
    if (cursor == own.size()) return false;
    to = own[cursor++].to;
    return true;
  }

 private:
  void add_time(const Graph& graph, Node node, const std::vector<Node>& numbers);
  void add_arrivals();
  void close_node() { first_arc_.push_back(static_cast<std::uint32_t>(arcs_.size())); }

  std::vector<TransactionId> ids_;
  std::vector<std::uint32_t> first_arc_;
  std::vector<Arc> arcs_;
  /// Of each transaction: the next one of its client, or nobody.
  std::vector<Node> next_;
  /// Of each transaction: its auxiliary node, at which others of its client arrive; nobody if it is
  /// the first of its client.
  std::vector<Node> arrivals_;
};

}  // namespace sunder::checker::isolation
