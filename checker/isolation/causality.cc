#include "checker/isolation/causality.h"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <unordered_map>
#include <vector>

#include "checker/isolation/strong_components.h"
#include "checker/isolation/walk.h"

namespace sunder::checker::isolation {

namespace {

constexpr std::size_t clients_at_once = 16;
constexpr ArcKinds causes{ArcKind::wr, ArcKind::process, ArcKind::pass_process};

/// How many transactions of each client are known.
using Clock = std::array<std::uint32_t, clients_at_once>;

/// An append of a client, and the greatest place that the client wrote up to it.
struct KnownWrite {
  std::size_t client = 0;
  /// Its transaction among those of the client, from 1 on.
  std::uint32_t number = 0;
  std::uint32_t greatest_place = 0;
  /// The transaction that wrote there.
  Node writer = 0;
};

class CausalitySearch {
 public:
  CausalitySearch(const Component& component, const Transactions& transactions,
                  const ListOrders& orders, const Wording& wording, Budget& budget,
                  Anomalies& found)
      : component_(component),
        transactions_(transactions),
        orders_(orders),
        wording_(wording),
        budget_(budget),
        found_(found) {}

  void find() {
    if (!find_order()) return;
    number_clients();
    for (std::size_t first = 0; first < client_count_; first += clients_at_once) {
      find_writes(first);
      find_clocks(first);
      for (Node node = 0; node < component_.transaction_count(); ++node) look_at(node);
    }
  }

 private:
  const Transaction& transaction(Node node) const {
    return transactions_.transactions[component_.id_of(node)];
  }

  /// False if there is none.
  bool find_order() {
    bool cyclic = false;
    const auto next = [&](Node node, std::uint32_t& cursor, Node& to) {
      return component_.next(node, causes, cursor, to);
    };
    find_strong_components(component_.node_count(), next, [&](std::span<const Node> nodes) {
      cyclic = cyclic || nodes.size() > 1;
      order_.push_back(nodes[0]);
    });
    std::reverse(order_.begin(), order_.end());
    return !cyclic;
  }

  /// A transaction without an answer is behind its client's others and in front of none: it is a
  /// client by itself.
  void number_clients() {
    std::unordered_map<std::uint32_t, std::pair<std::size_t, std::uint32_t>> known;
    for (Node node = 0; node < component_.transaction_count(); ++node) {
      const auto& each = transaction(node);
      if (each.outcome != history::Outcome::ok) {
        clients_.emplace_back(client_count_++, 1);
        continue;
      }
      const auto [at, is_new] = known.try_emplace(each.process, client_count_, 0);
      if (is_new) ++client_count_;
      clients_.emplace_back(at->second.first, ++at->second.second);
    }
  }

  /// The clock's place of the transaction's client, or nothing if it is not of this batch.
  bool is_in_batch(Node node, std::size_t first) const {
    const auto client = clients_[node].first;
    return client >= first && client < first + clients_at_once;
  }

  void find_writes(std::size_t first) {
    writes_.clear();
    for (Node node = 0; node < component_.transaction_count(); ++node) {
      if (!is_in_batch(node, first)) continue;
      for (const auto& step : transactions_.steps_of(transaction(node))) {
        if (step.kind != Step::Kind::append) continue;
        auto place = orders_.place_of(step.key, step.value);
        if (place == 0 && orders_.is_disputed(step.key)) continue;
        if (place == 0) place = std::numeric_limits<std::uint32_t>::max();
        auto& of_key = writes_[step.key];
        const auto client = clients_[node].first - first;
        of_key.push_back({client, clients_[node].second, place, node});
      }
    }
    for (auto& [key, writes] : writes_) {
      std::stable_sort(writes.begin(), writes.end(), [](const auto& left, const auto& right) {
        return left.client < right.client;
      });
      for (std::size_t i = 1; i < writes.size(); ++i) {
        const auto& before = writes[i - 1];
        auto& write = writes[i];
        if (before.client != write.client || before.greatest_place < write.greatest_place) continue;
        write.greatest_place = before.greatest_place;
        write.writer = before.writer;
      }
    }
  }

  void find_clocks(std::size_t first) {
    clocks_.assign(component_.node_count(), Clock{});
    for (const auto node : order_) {
      budget_.spend();
      auto known = clocks_[node];
      if (node < component_.transaction_count() && is_in_batch(node, first)) {
        auto& own = known[clients_[node].first - first];
        own = std::max(own, clients_[node].second);
      }
      for (const auto& arc : component_.arcs(node)) {
        if (!causes.has(arc.kind())) continue;
        auto& clock = clocks_[arc.to];
        for (std::size_t i = 0; i < clients_at_once; ++i) clock[i] = std::max(clock[i], known[i]);
      }
    }
  }

  void look_at(Node node) {
    if (transaction(node).outcome != history::Outcome::ok) return;
    const auto& clock = clocks_[node];
    for (const auto& read : transactions_.steps_of(transaction(node))) {
      if (read.kind != Step::Kind::read_list || !orders_.fits(read)) continue;
      const auto writes = writes_.find(read.key);
      if (writes == writes_.end()) continue;
      const auto& all = writes->second;
      for (auto begin = all.begin(); begin != all.end();) {
        const auto client = begin->client;
        const auto end = std::find_if(
            begin, all.end(), [&](const KnownWrite& each) { return each.client != client; });
        const auto unknown = std::partition_point(
            begin, end, [&](const KnownWrite& each) { return each.number <= clock[client]; });
        if (unknown != begin) {
          const auto& last = *(unknown - 1);
          if (last.greatest_place > read.length && last.writer != node)
            add(node, read, last.writer);
        }
        begin = end;
      }
    }
  }

  void add(Node reader, const Step& read, Node writer) {
    const auto& key = transactions_.keys[read.key].name;
    found_.add("causality-violation", key, {{Model::causal, Order::values}}, [&] {
      auto cycle = path(writer, reader);
      cycle.insert(cycle.begin(),
                   {EdgeKind::rw, component_.id_of(reader), component_.id_of(writer), read.key});
      return wording_.anomaly_of(cycle, orders_);
    });
  }

  /// The shortest by causes. Auxiliary nodes have no length.
  Cycle path(Node from, Node to) const {
    struct Reached {
      std::uint32_t length = std::numeric_limits<std::uint32_t>::max();
      Node before = 0;
      Arc by;
    };
    std::vector<Reached> reached(component_.node_count());
    std::deque<Node> queue{from};
    reached[from].length = 0;
    while (!queue.empty()) {
      const auto node = queue.front();
      queue.pop_front();
      for (const auto& arc : component_.arcs(node)) {
        if (!causes.has(arc.kind())) continue;
        const bool passes = arc.kind() == ArcKind::pass_process;
        const auto length = reached[node].length + (passes ? 0 : 1);
        if (length >= reached[arc.to].length) continue;
        reached[arc.to] = {length, node, arc};
        passes ? queue.push_front(arc.to) : queue.push_back(arc.to);
      }
    }
    std::vector<Arc> arcs;
    for (auto node = to; node != from; node = reached[node].before)
      arcs.push_back(reached[node].by);
    std::reverse(arcs.begin(), arcs.end());
    return edges_along(component_, from, arcs);
  }

  const Component& component_;
  const Transactions& transactions_;
  const ListOrders& orders_;
  const Wording& wording_;
  Budget& budget_;
  Anomalies& found_;
  /// Each node behind its causes.
  std::vector<Node> order_;
  std::size_t client_count_ = 0;
  /// Of each transaction: its client, and its number among the client's.
  std::vector<std::pair<std::size_t, std::uint32_t>> clients_;
  std::unordered_map<KeyId, std::vector<KnownWrite>> writes_;
  std::vector<Clock> clocks_;
};

}  // namespace

void find_causality_violations(const Component& component, const Transactions& transactions,
                               const ListOrders& orders, const Wording& wording, Budget& budget,
                               Anomalies& found) {
  CausalitySearch(component, transactions, orders, wording, budget, found).find();
}

}  // namespace sunder::checker::isolation
