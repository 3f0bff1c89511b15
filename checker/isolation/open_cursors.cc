#include "checker/isolation/open_cursors.h"

#include <algorithm>
#include <vector>

#include "checker/isolation/strong_components.h"
#include "checker/isolation/walk.h"

namespace sunder::checker::isolation {

namespace {

class OpenCursors {
 public:
  OpenCursors(const Component& component, const Transactions& transactions,
              const ListOrders& orders, const Wording& wording, Anomalies& found)
      : component_(component),
        transactions_(transactions),
        orders_(orders),
        wording_(wording),
        found_(found),
        groups_(component.node_count(), 0) {}

  void find() {
    Node group = 0;
    const auto next = [&](Node node, std::uint32_t& cursor, Node& to) {
      const auto arcs = component_.arcs(node);
      while (cursor < arcs.size() && !counts(node, arcs[cursor])) ++cursor;
      if (cursor == arcs.size()) return false;
      to = arcs[cursor++].to;
      return true;
    };
    find_strong_components(component_.node_count(), next, [&](std::span<const Node> nodes) {
      for (const auto node : nodes) groups_[node] = group;
      ++group;
    });
    for (Node node = 0; node < component_.transaction_count(); ++node) {
      for (const auto& arc : component_.arcs(node)) {
        const bool is_cycle =
            arc.kind() == ArcKind::rw && counts(node, arc) && groups_[node] == groups_[arc.to];
        if (is_cycle) add(node, arc);
      }
    }
  }

 private:
  bool counts(Node node, const Arc& arc) const {
    const auto kind = arc.kind();
    if (kind == ArcKind::ww || kind == ArcKind::wr || kind == ArcKind::pass) return true;
    if (kind != ArcKind::rw) return false;
    const auto writers = orders_.unobserved(arc.key());
    const bool appends = writers.size() > 1 &&
                         std::binary_search(writers.begin(), writers.end(), component_.id_of(node));
    // A cycle of edges to several of them leads through an auxiliary node.
    return appends && arc.to >= component_.transaction_count();
  }

  void add(Node node, const Arc& arc) {
    const auto& key = transactions_.keys[arc.key()].name;
    found_.add("G-cursor", key, {{Model::cursor_stability, Order::values}},
               [&] { return wording_.anomaly_of(cycle_of(node, arc), orders_); });
  }

  Cycle cycle_of(Node start, const Arc& first) const {
    struct Reached {
      Node node = 0;
      std::size_t before = 0;
      Arc by;
    };
    std::vector<bool> visited(component_.node_count(), false);
    std::vector<Reached> reached{{first.to, 0, first}};
    visited[first.to] = true;
    std::size_t at = 0;
    for (; reached[at].node != start; ++at) {
      for (const auto& arc : component_.arcs(reached[at].node)) {
        if (!counts(reached[at].node, arc) || groups_[arc.to] != groups_[start]) continue;
        if (visited[arc.to]) continue;
        visited[arc.to] = true;
        reached.push_back({arc.to, at, arc});
      }
    }
    std::vector<Arc> arcs{reached[at].by};
    for (; at != 0; at = reached[at].before) arcs.push_back(reached[reached[at].before].by);
    std::reverse(arcs.begin(), arcs.end());
    return edges_along(component_, start, arcs);
  }

  const Component& component_;
  const Transactions& transactions_;
  const ListOrders& orders_;
  const Wording& wording_;
  Anomalies& found_;
  std::vector<Node> groups_;
};

}  // namespace

void find_open_cursors(const Component& component, const Transactions& transactions,
                       const ListOrders& orders, const Wording& wording, Anomalies& found) {
  OpenCursors(component, transactions, orders, wording, found).find();
}

}  // namespace sunder::checker::isolation
