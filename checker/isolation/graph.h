#pragma once
// The order between committed transactions. Nodes: first the transactions, then auxiliary nodes
// that stand for many edges at once, then barriers in time.
// Realtime edges are not stored: a transaction leads to the barrier behind its return, a barrier to
// the next one and to the transactions that were invoked between the two.
// Surprise: an arc of kind `pass` continues the edge that led to its auxiliary node. Process edges
// are realtime edges too, and only Component has them.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/isolation/list_orders.h"
#include "checker/isolation/transactions.h"

namespace sunder::checker::isolation {

using Node = std::uint32_t;

/// The first five are EdgeKind's, in its order.
enum class ArcKind : std::uint8_t {
  ww,
  wr,
  rw,
  process,
  real_time,
  pass,            ///< Of an rw edge.
  pass_process,    ///< Of a process edge.
  pass_real_time,  ///< Of a realtime edge.
};

struct Arc {
  static constexpr unsigned kind_bits = 3;

  Arc() = default;
  Arc(Node target, ArcKind kind, KeyId key)
      : to(target), label((key << kind_bits) | static_cast<std::uint32_t>(kind)) {}

  ArcKind kind() const { return static_cast<ArcKind>(label & ((1U << kind_bits) - 1)); }
  /// Of ww, wr, rw.
  KeyId key() const { return label >> kind_bits; }

  Node to = 0;
  std::uint32_t label = 0;
};

class Graph {
 public:
  Graph(const Transactions& transactions, const ListOrders& orders);

  Node transaction_count() const { return transactions_; }
  Node node_count() const { return first_barrier_ + static_cast<Node>(barriers_.size()); }
  bool is_transaction(Node node) const { return node < transactions_; }
  bool is_barrier(Node node) const { return node >= first_barrier_; }

  /// The arcs that values show. None of a barrier.
  std::span<const Arc> arcs(Node node) const {
    if (node >= first_barrier_) return {};
    return std::span(arcs_).subspan(first_arc_[node], first_arc_[node + 1] - first_arc_[node]);
  }
  /// The barrier behind the transaction's return, or node_count() if none was invoked later.
  Node barrier_behind(TransactionId id) const { return barrier_behind_[id]; }
  /// The transactions that were invoked between this barrier and the next one: [first, second).
  std::pair<TransactionId, TransactionId> behind(Node barrier) const {
    const auto place = barrier - first_barrier_;
    const auto is_last = place + 1 == barriers_.size();
    return {barriers_[place], is_last ? transactions_ : barriers_[place + 1]};
  }

  /// For find_strong_components().
  bool next(Node node, std::uint32_t& cursor, Node& to) const;

 private:
  void find_barriers(const Transactions& transactions);

  Node transactions_;
  Node first_barrier_ = 0;
  std::vector<std::uint32_t> first_arc_;
  std::vector<Arc> arcs_;
  std::vector<Node> barrier_behind_;
  /// Of each: the first transaction behind it.
  std::vector<TransactionId> barriers_;
};

}  // namespace sunder::checker::isolation
