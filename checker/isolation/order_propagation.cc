#include "checker/isolation/order_propagation.h"

#include <algorithm>
#include <utility>

#include "checker/isolation/reachable_blocks.h"

namespace sunder::checker::isolation {
namespace {

/// One round: what follows from the orders known before it.
class PropagationRound {
 public:
  PropagationRound(const LevelGraph& graph, const std::vector<State>& sorted, VersionPairs& pairs,
                   std::uint32_t round, Steps& steps)
      : graph_(graph),
        pairs_(pairs),
        blocks_(graph, sorted),
        round_(round),
        steps_(steps),
        bits_(graph.start(1) != graph.start_after_rw(1) ? 2 : 1) {}

  /// False if the steps ran out.
  bool run() {
    std::vector<std::pair<std::uint32_t, Version>> versions = sources();
    std::sort(versions.begin(), versions.end());
    const std::size_t in_block = ReachableBlocks::block_bits / bits_;
    std::vector<ReachSource> block;
    for (std::size_t begin = 0; begin < versions.size(); begin += in_block) {
      const std::size_t end = std::min(begin + in_block, versions.size());
      block.clear();
      for (std::size_t i = begin; i < end; ++i) {
        const Version version = versions[i].second;
        const Node writer = pairs_.writer(version);
        block.push_back({graph_.start(writer), last_[version]});
        if (bits_ == 2) block.push_back({graph_.start_after_rw(writer), last_[version]});
      }
      if (!blocks_.search(block, steps_)) return false;
      for (std::size_t i = begin; i < end; ++i) conclude(versions[i].second, (i - begin) * bits_);
    }
    return true;
  }
  bool has_found() const { return has_found_; }

 private:
  template <typename Visit>
  void for_each_open(Version version, const Visit& visit) const {
    if (pairs_.open_partners(version) == 0) return;
    const Version end = version + pairs_.partners(version) + 1;
    for (Version other = pairs_.first_partner(version); other < end; ++other) {
      if (pairs_.is_open(version, other)) visit(other);
    }
  }

  /// The versions with open pairs, by the places of their writers.
  std::vector<std::pair<std::uint32_t, Version>> sources() {
    std::vector<std::uint32_t> last_of(pairs_.versions(), 0);
    for (Version version = 0; version < pairs_.versions(); ++version) {
      const State writer = graph_.start(pairs_.writer(version));
      std::uint32_t last = blocks_.place(writer);
      if (graph_.layers() == 2) last = std::max(last, blocks_.place(writer + 1));
      for (const Node reader : pairs_.readers(version)) {
        last = std::max(last, blocks_.place(graph_.end_before_rw(reader)));
      }
      last_of[version] = last;
    }
    last_.assign(pairs_.versions(), 0);
    std::vector<std::pair<std::uint32_t, Version>> found;
    for (Version version = 0; version < pairs_.versions(); ++version) {
      bool is_source = false;
      for_each_open(version, [&](Version other) {
        is_source = true;
        last_[version] = std::max(last_[version], last_of[other]);
      });
      if (!is_source) continue;
      found.emplace_back(blocks_.place(graph_.start(pairs_.writer(version))), version);
    }
    return found;
  }

  void conclude(Version version, std::size_t bit) {
    steps_.spend(pairs_.partners(version) + 1);
    for_each_open(version, [&](Version other) {
      if (!must_precede(version, bit, other)) return;
      pairs_.put_before(version, other, round_);
      has_found_ = true;
    });
  }

  /// Whether the opposite order would close a forbidden cycle.
  bool must_precede(Version version, std::size_t bit, Version other) const {
    const State writer = graph_.start(pairs_.writer(other));
    if (blocks_.reaches(bit, writer)) return true;
    if (graph_.layers() == 2 && blocks_.reaches(bit, writer + 1)) return true;
    if (graph_.forbidden() < Forbidden::one_rw) return false;
    for (const Node reader : pairs_.readers(other)) {
      if (reader == pairs_.writer(version)) continue;
      if (blocks_.reaches(bit + bits_ - 1, graph_.end_before_rw(reader))) return true;
    }
    return false;
  }

  const LevelGraph& graph_;
  VersionPairs& pairs_;
  ReachableBlocks blocks_;
  std::uint32_t round_;
  Steps& steps_;
  std::size_t bits_;
  std::vector<std::uint32_t> last_;
  bool has_found_ = false;
};

}  // namespace

Propagated propagate(LevelGraph& graph, VersionPairs& pairs, Steps& steps,
                     const std::function<bool(std::uint32_t)>& is_enough) {
  for (std::uint32_t round = 1;; ++round) {
    graph.take_orders(pairs);
    if (!steps.spend(graph.arcs() + graph.states())) return Propagated::stopped;
    const std::optional<std::vector<State>> sorted = graph.sorted();
    if (!sorted) return Propagated::cycle;
    if (cycle_of_one_rw(graph, *sorted, steps)) return Propagated::cycle;
    if (!steps.are_left()) return Propagated::stopped;
    if (pairs.open() == 0) return Propagated::settled;
    if (is_enough(round - 1)) return Propagated::ended;
    PropagationRound next(graph, *sorted, pairs, round, steps);
    if (!next.run()) return Propagated::stopped;
    if (!next.has_found()) return Propagated::settled;
  }
}

std::optional<std::vector<Link>> cycle_of_one_rw(const LevelGraph& graph,
                                                 const std::vector<State>& sorted, Steps& steps) {
  if (graph.forbidden() != Forbidden::one_rw) return std::nullopt;
  ReachableBlocks blocks(graph, sorted);
  std::vector<Link> edges = graph.rw_edges();
  // An edge that leads on in the sorted states closes no cycle.
  std::erase_if(edges, [&](const Link& edge) {
    return blocks.place(graph.start(edge.to)) > blocks.place(graph.start(edge.from));
  });
  std::sort(edges.begin(), edges.end(), [&](const Link& left, const Link& right) {
    return blocks.place(graph.start(left.to)) < blocks.place(graph.start(right.to));
  });
  constexpr std::size_t at_once = ReachableBlocks::block_bits;
  for (std::size_t begin = 0; begin < edges.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, edges.size());
    std::vector<ReachSource> block;
    for (std::size_t i = begin; i < end; ++i) {
      block.push_back({graph.start(edges[i].to), blocks.place(graph.start(edges[i].from))});
    }
    if (!blocks.search(block, steps)) return std::nullopt;
    for (std::size_t i = begin; i < end; ++i) {
      const State from = graph.start(edges[i].from);
      if (!blocks.reaches(i - begin, from)) continue;
      std::vector<Link> cycle = {edges[i]};
      const std::vector<Link> path = graph.path(graph.start(edges[i].to), {from});
      cycle.insert(cycle.end(), path.begin(), path.end());
      return cycle;
    }
  }
  return std::nullopt;
}

std::optional<LinkedVersions> versions_of(const Link& link, const VersionPairs& pairs) {
  if (link.kind != EdgeKind::ww && link.kind != EdgeKind::rw) return std::nullopt;
  const std::vector<OpenKey>& keys = pairs.problem().keys;
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const OpenKey& of) { return of.key == link.key; });
  if (key == keys.end()) return std::nullopt;
  const auto of = static_cast<std::uint32_t>(key - keys.begin());
  const auto later = std::lower_bound(key->writers.begin(), key->writers.end(), link.to);
  if (later == key->writers.end() || *later != link.to) return std::nullopt;
  const Version first = pairs.first_of_key(of);
  const Version to = first + static_cast<Version>(later - key->writers.begin());
  for (Version version = first; version < pairs.end_of_key(of); ++version) {
    const std::span<const Node> readers = pairs.readers(version);
    const bool is_from = link.kind == EdgeKind::ww ? pairs.writer(version) == link.from
                                                   : std::find(readers.begin(), readers.end(),
                                                               link.from) != readers.end();
    if (is_from && version != to && pairs.is_before(version, to)) {
      return LinkedVersions{version, to};
    }
  }
  return std::nullopt;
}

std::optional<OrderReason> reason_of(const Link& link, const VersionPairs& pairs,
                                     Forbidden forbidden, Order order) {
  const std::optional<LinkedVersions> versions = versions_of(link, pairs);
  if (!versions) return std::nullopt;
  const auto [earlier, later] = *versions;
  OrderReason reason;
  reason.earlier = pairs.writer(earlier);
  reason.later = pairs.writer(later);
  reason.key = link.key;
  const std::uint32_t round = pairs.round_of(earlier, later);
  if (round == 0) {
    const std::span<const Node> readers = pairs.readers(earlier);
    const bool has_read = std::find(readers.begin(), readers.end(), reason.later) != readers.end();
    reason.kind = has_read ? OrderReason::Kind::read : OrderReason::Kind::time;
    return reason;
  }
  LevelGraph graph(pairs.problem(), forbidden, order);
  graph.take_orders_of(pairs, round - 1);
  std::vector<State> ends = {graph.start(reason.later)};
  if (graph.layers() == 2) ends.push_back(graph.start(reason.later) + 1);
  reason.kind = OrderReason::Kind::leads;
  reason.path = graph.path(graph.start(reason.earlier), ends);
  if (!reason.path.empty()) return reason;
  ends.clear();
  for (const Node reader : pairs.readers(later)) {
    if (reader != reason.earlier) ends.push_back(graph.end_before_rw(reader));
  }
  reason.kind = OrderReason::Kind::seen_late;
  reason.path = graph.path(graph.start_after_rw(reason.earlier), ends);
  if (!reason.path.empty()) reason.reader = reason.path.back().to;
  return reason;
}

}  // namespace sunder::checker::isolation
