#include "checker/isolation/component.h"

#include <algorithm>
#include <numeric>

namespace sunder::checker::isolation {

namespace {

/// For each transaction: the next one of the same client among them, or nobody. The numbers of the
/// nodes follow invocation.
std::vector<Node> next_of_client(const std::vector<TransactionId>& ids,
                                 const Transactions& transactions) {
  const auto client = [&](Node node) { return transactions.transactions[ids[node]].process; };
  std::vector<Node> by_client(ids.size());
  std::iota(by_client.begin(), by_client.end(), Node{0});
  std::sort(by_client.begin(), by_client.end(), [&](Node left, Node right) {
    return client(left) != client(right) ? client(left) < client(right) : left < right;
  });
  std::vector<Node> next(ids.size(), nobody);
  for (std::size_t i = 1; i < by_client.size(); ++i) {
    if (client(by_client[i - 1]) == client(by_client[i])) next[by_client[i - 1]] = by_client[i];
  }
  return next;
}

}  // namespace

Component::Component(const Graph& graph, const Transactions& transactions,
                     std::span<const Node> nodes, bool clients_are_known,
                     std::vector<Node>& numbers) {
  std::vector<Node> sorted(nodes.begin(), nodes.end());
  std::sort(sorted.begin(), sorted.end());  // transactions first, by invocation
  for (Node i = 0; i < sorted.size(); ++i) {
    numbers[sorted[i]] = i;
    if (graph.is_transaction(sorted[i])) ids_.push_back(sorted[i]);
  }
  next_.resize(ids_.size(), nobody);
  if (clients_are_known) next_ = next_of_client(ids_, transactions);
  auto arrival = static_cast<Node>(sorted.size());
  arrivals_.resize(ids_.size(), nobody);
  for (const auto each : next_) {
    if (each != nobody) arrivals_[each] = arrival++;
  }
  close_node();
  for (const auto node : sorted) {
    for (const auto& arc : graph.arcs(node)) {
      if (numbers[arc.to] != nobody) arcs_.emplace_back(numbers[arc.to], arc.kind(), arc.key());
    }
    add_time(graph, node, numbers);
    const bool is_ok = graph.is_transaction(node) &&
                       transactions.transactions[node].outcome == history::Outcome::ok;
    if (is_ok && next_[numbers[node]] != nobody) {
      arcs_.emplace_back(arrivals_[next_[numbers[node]]], ArcKind::process, 0);
    }
    close_node();
  }
  add_arrivals();
  for (const auto node : sorted) numbers[node] = nobody;
}

void Component::add_time(const Graph& graph, Node node, const std::vector<Node>& numbers) {
  const auto add = [&](Node to, ArcKind kind) {
    if (to != graph.node_count() && numbers[to] != nobody) arcs_.emplace_back(numbers[to], kind, 0);
  };
  if (graph.is_transaction(node)) add(graph.barrier_behind(node), ArcKind::real_time);
  if (!graph.is_barrier(node)) return;
  const auto [first, end] = graph.behind(node);
  for (auto id = first; id < end; ++id) add(id, ArcKind::pass_real_time);
  add(node + 1, ArcKind::pass_real_time);
}

/// In the order in which they are numbered.
void Component::add_arrivals() {
  for (const auto follower : next_) {
    if (follower == nobody) continue;
    arcs_.emplace_back(follower, ArcKind::pass_process, 0);
    if (next_[follower] != nobody) {
      arcs_.emplace_back(arrivals_[next_[follower]], ArcKind::pass_process, 0);
    }
    close_node();
  }
}

}  // namespace sunder::checker::isolation
