#include "checker/isolation/graph.h"

#include <algorithm>
#include <limits>

#include "checker/invariant.h"
#include "checker/isolation/edges.h"

namespace sunder::checker::isolation {

ListEdges::ListEdges(const Transactions& transactions, const ListOrders& orders)
    : transactions_(transactions),
      orders_(orders),
      node_count_(static_cast<Node>(transactions.transactions.size())),
      first_auxiliary_(transactions.keys.size()) {
  for (KeyId key = 0; key < first_auxiliary_.size(); ++key) {
    const auto count = orders.unobserved(key).size();
    first_auxiliary_[key] = node_count_;
    if (count > 1) node_count_ += static_cast<Node>(2 * count);
  }
}

Graph::Graph(const Transactions& transactions, const ListOrders& orders)
    : transactions_(static_cast<Node>(transactions.transactions.size())) {
  const ListEdges edges(transactions, orders);
  first_barrier_ = edges.node_count();
  first_arc_.resize(first_barrier_ + 1, 0);
  edges.for_each([&](Node from, const Arc&) { ++first_arc_[from + 1]; });
  std::size_t total = 0;
  for (auto& first : first_arc_) {
    total += first;
    first = static_cast<std::uint32_t>(total);
  }
  CHECK(total <= std::numeric_limits<std::uint32_t>::max(), "{} edges", total);
  arcs_.resize(total);
  // first_arc_[n] is where the next arc of n goes, and becomes the first arc of n + 1.
  edges.for_each([&](Node from, const Arc& arc) { arcs_[first_arc_[from]++] = arc; });
  first_arc_.insert(first_arc_.begin(), 0);
  first_arc_.pop_back();
  find_barriers(transactions);
}

void Graph::find_barriers(const Transactions& transactions) {
  const auto& all = transactions.transactions;
  // Of each transaction: the first one that was invoked after its return.
  std::vector<TransactionId> next(all.size(), transactions_);
  std::vector<Node> number(all.size() + 1, 0);
  for (TransactionId id = 0; id < all.size(); ++id) {
    if (all[id].outcome != history::Outcome::ok) continue;
    // Clients run a few transactions at a time: the place is near.
    TransactionId low = id + 1;
    TransactionId step = 1;
    while (low + step <= all.size() && all[low + step - 1].invoked < all[id].returned) {
      low += step;
      step *= 2;
    }
    const auto end = all.begin() + std::min<TransactionId>(low + step, transactions_);
    const auto found = std::partition_point(
        all.begin() + std::min(low, transactions_), end,
        [&](const Transaction& other) { return other.invoked < all[id].returned; });
    next[id] = static_cast<TransactionId>(found - all.begin());
    number[next[id]] = 1;
  }
  for (TransactionId id = 0; id < all.size(); ++id) {
    if (number[id] == 0) continue;
    number[id] = first_barrier_ + static_cast<Node>(barriers_.size());
    barriers_.push_back(id);
  }
  number[all.size()] = node_count();
  barrier_behind_ = std::move(next);
  for (auto& behind : barrier_behind_) behind = number[behind];
}

bool Graph::next(Node node, std::uint32_t& cursor, Node& to) const {
  const auto number = cursor++;
  if (node < first_barrier_) {
    const auto count = first_arc_[node + 1] - first_arc_[node];
    if (number < count) {
      to = arcs_[first_arc_[node] + number].to;
      return true;
    }
    if (number > count || node >= transactions_) return false;
    to = barrier_behind_[node];
    return to != node_count();
  }
  const auto [first, end] = behind(node);
  if (number < end - first) {
    to = first + number;
    return true;
  }
  to = node + 1;
  return number == end - first && to != node_count();
}

}  // namespace sunder::checker::isolation
