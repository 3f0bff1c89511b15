#include "checker/isolation/level_graph.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "checker/isolation/strong_components.h"

namespace sunder::checker::isolation {
namespace {

constexpr std::int8_t no_layer = -1;

/// From how many states of a component a shortest cycle is searched.
constexpr std::size_t most_starts = 16;

bool is_forbidden(const std::vector<Link>& walk, Forbidden forbidden) {
  std::size_t rw = 0;
  bool adjacent = false;
  for (std::size_t i = 0; i < walk.size(); ++i) {
    if (walk[i].kind != EdgeKind::rw) continue;
    ++rw;
    if (walk[(i + 1) % walk.size()].kind == EdgeKind::rw) adjacent = true;
  }
  switch (forbidden) {
    case Forbidden::only_ww:
    case Forbidden::no_rw:
      return rw == 0;
    case Forbidden::one_rw:
      return rw <= 1;
    case Forbidden::no_adjacent_rw:
      return !adjacent;
    case Forbidden::any:
      return true;
  }
  return true;
}

/// Cuts loops out of a closed walk. If the walk is forbidden, one of its parts is.
std::vector<Link> simple(std::vector<Link> walk, Forbidden forbidden) {
  for (std::size_t i = 0; i < walk.size(); ++i) {
    for (std::size_t j = i + 1; j < walk.size(); ++j) {
      if (walk[i].from != walk[j].from) continue;
      const auto begin = walk.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end = walk.begin() + static_cast<std::ptrdiff_t>(j);
      std::vector<Link> loop(begin, end);
      if (is_forbidden(loop, forbidden)) return simple(std::move(loop), forbidden);
      walk.erase(begin, end);
      return simple(std::move(walk), forbidden);
    }
  }
  return walk;
}

}  // namespace

LevelGraph::LevelGraph(const OrderProblem& problem, Forbidden forbidden, Order order)
    : problem_(&problem),
      forbidden_(forbidden),
      order_(order),
      layers_(forbidden == Forbidden::one_rw || forbidden == Forbidden::no_adjacent_rw ? 2 : 1) {
  const bool keeps = forbidden == Forbidden::one_rw;
  for (auto& next : next_layer_) next = {0, static_cast<std::int8_t>(keeps ? 1 : 0)};
  next_layer_[pass] = {0, 1};
  if (layers_ == 2) next_layer_[static_cast<std::size_t>(EdgeKind::rw)] = {1, no_layer};
  base_points_ = problem.nodes.size();
  for (const OrderEdge& edge : problem.edges) {
    const bool counts = edge.kind == EdgeKind::ww ||
                        (edge.kind == EdgeKind::wr && forbidden != Forbidden::only_ww) ||
                        (edge.kind == EdgeKind::rw && forbidden >= Forbidden::one_rw);
    if (counts) add(edge.from, edge.to, static_cast<std::uint32_t>(edge.kind), edge.key);
  }
  if (order == Order::session) add_processes();
  if (order == Order::real_time) add_barriers();
  fixed_ = arcs_of(new_arcs_, base_points_);
  new_arcs_.clear();
}

void LevelGraph::add(std::uint32_t from, std::uint32_t to, std::uint32_t kind, KeyId key) {
  new_arcs_.push_back({from, {to, kind | (key << 3U)}});
}

LevelGraph::Arcs LevelGraph::arcs_of(const std::vector<NewArc>& arcs, std::size_t points) {
  Arcs made;
  made.begin.assign(points + 1, 0);
  for (const NewArc& arc : arcs) ++made.begin[arc.from + 1];
  for (std::size_t i = 1; i <= points; ++i) made.begin[i] += made.begin[i - 1];
  made.arcs.resize(arcs.size());
  std::vector<std::uint32_t> at(made.begin.begin(), made.begin.end() - 1);
  for (const NewArc& arc : arcs) made.arcs[at[arc.from]++] = arc.arc;
  return made;
}

void LevelGraph::add_processes() {
  std::vector<Node> last;
  constexpr Node none = UINT32_MAX;
  for (Node node = 0; node < problem_->nodes.size(); ++node) {
    const OrderNode& of = problem_->nodes[node];
    if (of.process >= last.size()) last.resize(of.process + 1, none);
    Node& before = last[of.process];
    if (before != none) add(before, node, static_cast<std::uint32_t>(EdgeKind::process));
    // An unanswered one may take effect late: nothing of its process has to be after it.
    if (of.returned != history::never) before = node;
  }
}

void LevelGraph::add_barriers() {
  std::vector<std::pair<history::Position, Node>> returns;
  for (Node node = 0; node < problem_->nodes.size(); ++node) {
    const history::Position returned = problem_->nodes[node].returned;
    if (returned != history::never) returns.emplace_back(returned, node);
  }
  std::sort(returns.begin(), returns.end());
  std::size_t next = 0;
  auto barrier = static_cast<std::uint32_t>(base_points_);
  for (Node node = 0; node < problem_->nodes.size(); ++node) {
    const history::Position invoked = problem_->nodes[node].invoked;
    if (next < returns.size() && returns[next].first < invoked) {
      barrier = static_cast<std::uint32_t>(base_points_++);
      if (barrier > problem_->nodes.size()) add(barrier - 1, barrier, pass);
    }
    for (; next < returns.size() && returns[next].first < invoked; ++next) {
      add(returns[next].second, barrier, static_cast<std::uint32_t>(EdgeKind::real_time));
    }
    if (barrier < base_points_) add(barrier, node, pass);
  }
}

void LevelGraph::take_orders(VersionPairs& pairs) {
  take(pairs, pairs.all_successors());
}

void LevelGraph::take_orders_of(const VersionPairs& pairs, std::uint32_t round) {
  std::vector<std::vector<Version>> successors;
  for (Version version = 0; version < pairs.versions(); ++version) {
    successors.push_back(pairs.successors(version, round));
  }
  take(pairs, successors);
}

void LevelGraph::take(const VersionPairs& pairs,
                      const std::vector<std::vector<Version>>& successors) {
  hubs_ = 0;
  std::vector<std::uint8_t> is_behind(pairs.versions(), 0);
  for (Version version = 0; version < pairs.versions(); ++version) {
    for (const Version other : successors[version]) is_behind[other] = 1;
    add_successors(pairs, version, successors[version]);
  }
  for (std::uint32_t key = 0; key < problem_->keys.size(); ++key) {
    std::vector<Node> first;
    for (Version v = pairs.first_of_key(key); v < pairs.end_of_key(key); ++v) {
      if (is_behind[v] == 0) first.push_back(pairs.writer(v));
    }
    add_rw(problem_->keys[key].initial_readers, first, problem_->keys[key].key);
  }
  derived_ = arcs_of(new_arcs_, base_points_ + hubs_);
  new_arcs_.clear();
}

void LevelGraph::add_successors(const VersionPairs& pairs, Version version,
                                const std::vector<Version>& successors) {
  if (successors.empty()) return;
  const KeyId key = problem_->keys[pairs.key(version)].key;
  constexpr auto ww = static_cast<std::uint32_t>(EdgeKind::ww);
  std::vector<Node>& writers = writers_;
  writers.clear();
  for (const Version successor : successors) writers.push_back(pairs.writer(successor));
  const bool has_hub = forbidden_ == Forbidden::any && writers.size() > 2;
  if (has_hub) {
    // No path remembers whether it came by ww or by rw.
    const auto hub = static_cast<std::uint32_t>(base_points_ + hubs_++);
    for (const Node writer : writers) add(hub, writer, pass);
    add(pairs.writer(version), hub, ww, key);
    add_rw_through(hub, pairs.readers(version), writers, key);
    return;
  }
  for (const Node writer : writers) add(pairs.writer(version), writer, ww, key);
  add_rw(pairs.readers(version), writers, key);
}

void LevelGraph::add_rw(std::span<const Node> readers, const std::vector<Node>& writers,
                        KeyId key) {
  if (forbidden_ < Forbidden::one_rw || readers.empty() || writers.empty()) return;
  if (readers.size() > 2 && writers.size() > 2) {
    const auto hub = static_cast<std::uint32_t>(base_points_ + hubs_++);
    for (const Node writer : writers) add(hub, writer, pass);
    add_rw_through(hub, readers, writers, key);
    return;
  }
  for (const Node reader : readers) {
    for (const Node writer : writers) {
      if (writer != reader) add(reader, writer, static_cast<std::uint32_t>(EdgeKind::rw), key);
    }
  }
}

void LevelGraph::add_rw_through(std::uint32_t hub, std::span<const Node> readers,
                                const std::vector<Node>& writers, KeyId key) {
  constexpr auto rw = static_cast<std::uint32_t>(EdgeKind::rw);
  for (const Node reader : readers) {
    if (std::find(writers.begin(), writers.end(), reader) == writers.end()) {
      add(reader, hub, rw, key);
      continue;
    }
    // Through the hub it would be before itself.
    for (const Node writer : writers) {
      if (writer != reader) add(reader, writer, rw, key);
    }
  }
}

std::optional<std::vector<State>> LevelGraph::sorted() const {
  std::vector<std::uint32_t> before(states(), 0);
  for (State state = 0; state < states(); ++state) {
    for_each_next(state, [&](State next, std::uint32_t) { ++before[next]; });
  }
  std::vector<State> order;
  order.reserve(states());
  if (order_ == Order::real_time) {
    for (State state = 0; state < states(); ++state) {
      if (before[state] == 0) order.push_back(state);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for_each_next(order[i], [&](State next, std::uint32_t) {
        if (--before[next] == 0) order.push_back(next);
      });
    }
  } else {
    sort_by_invocation(before, order);
  }
  if (order.size() < states()) return std::nullopt;
  return order;
}

void LevelGraph::sort_by_invocation(std::vector<std::uint32_t>& before,
                                    std::vector<State>& order) const {
  // The earliest first, so that what concerns one time is together, as barriers make it otherwise.
  const std::size_t of_nodes = problem_->nodes.size() * layers_;
  const auto rank = [of_nodes](State state) { return state < of_nodes ? state : 0; };
  using Ready = std::pair<State, State>;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  for (State state = 0; state < states(); ++state) {
    if (before[state] == 0) ready.emplace(rank(state), state);
  }
  while (!ready.empty()) {
    const State state = ready.top().second;
    ready.pop();
    order.push_back(state);
    for_each_next(state, [&](State next, std::uint32_t) {
      if (--before[next] == 0) ready.emplace(rank(next), next);
    });
  }
}

bool LevelGraph::next_state(State state, std::uint32_t& cursor, State& to) const {
  const std::uint32_t point = state / layers_;
  const std::uint32_t layer = state % layers_;
  const auto range = [point](const Arcs& arcs) {
    if (point + 1 >= arcs.begin.size()) return std::span<const Arc>();
    return std::span(arcs.arcs).subspan(arcs.begin[point],
                                        arcs.begin[point + 1] - arcs.begin[point]);
  };
  const std::span<const Arc> fixed = range(fixed_);
  const std::span<const Arc> derived = range(derived_);
  while (cursor < fixed.size() + derived.size()) {
    const Arc& arc = cursor < fixed.size() ? fixed[cursor] : derived[cursor - fixed.size()];
    ++cursor;
    const std::int8_t next = next_layer_[arc.kind()][layer];
    if (next < 0) continue;
    to = arc.to * layers_ + static_cast<std::uint32_t>(next);
    return true;
  }
  return false;
}

std::vector<std::vector<State>> LevelGraph::components_of_nodes(
    std::vector<std::uint32_t>& component_of) const {
  component_of.assign(states(), 0);
  std::vector<std::vector<State>> members;
  const std::size_t of_nodes = problem_->nodes.size() * layers_;
  const auto next = [this](State state, std::uint32_t& cursor, State& to) {
    return next_state(state, cursor, to);
  };
  find_strong_components(static_cast<State>(states()), next, [&](std::span<const State> component) {
    const auto nodes = std::count_if(component.begin(), component.end(),
                                     [=](State state) { return state < of_nodes; });
    if (nodes < 2) return;
    std::vector<State>& of = members.emplace_back();
    for (const State state : component) {
      component_of[state] = static_cast<std::uint32_t>(members.size());
      if (state < of_nodes) of.push_back(state);
    }
    std::sort(of.begin(), of.end());
  });
  return members;
}

std::vector<std::vector<Link>> LevelGraph::cycles(std::size_t most, std::size_t of_each) const {
  std::vector<std::uint32_t> component_of;
  std::vector<std::vector<State>> members = components_of_nodes(component_of);
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& left, const auto& right) { return left.size() < right.size(); });
  std::vector<std::vector<Link>> found;
  Search search;
  for (const std::vector<State>& of : members) {
    std::vector<std::vector<State>> walks;
    for (std::size_t i = 0; i < std::min(of.size(), most_starts); ++i) {
      // Spread over the component.
      const State start = of[i * of.size() / std::min(of.size(), most_starts)];
      walks.push_back(states_between(&component_of, start, {start}, search));
    }
    std::stable_sort(walks.begin(), walks.end(), [](const auto& left, const auto& right) {
      return left.size() < right.size();
    });
    for (std::size_t i = 0; i < std::min(walks.size(), of_each); ++i) {
      if (found.size() >= most) return found;
      if (!walks[i].empty()) found.push_back(simple(links_of(walks[i]), forbidden_));
    }
  }
  return found;
}

std::vector<Link> LevelGraph::path(State from, const std::vector<State>& ends) const {
  Search search;
  return links_of(states_between(nullptr, from, ends, search));
}

std::vector<State> LevelGraph::states_between(const std::vector<std::uint32_t>* component,
                                              State from, const std::vector<State>& ends,
                                              Search& search) const {
  constexpr State none = UINT32_MAX;
  std::vector<State>& parent = search.parent;
  parent.resize(states(), none);
  search.is_end.resize(states(), 0);
  for (const State end : ends) search.is_end[end] = 1;
  std::vector<State> queue = {from};
  State last = none;
  for (std::size_t i = 0; i < queue.size() && last == none; ++i) {
    const State state = queue[i];
    for_each_next(state, [&](State next, std::uint32_t) {
      if (last != none || parent[next] != none) return;
      if (component != nullptr && (*component)[next] != (*component)[from]) return;
      parent[next] = state;
      queue.push_back(next);
      if (search.is_end[next] != 0) last = next;
    });
  }
  std::vector<State> path;
  if (last != none) {
    State state = last;
    do {
      path.push_back(state);
      state = parent[state];
    } while (state != from);
    path.push_back(from);
    std::reverse(path.begin(), path.end());
  }
  // The next search finds everything as it was.
  for (const State state : queue) parent[state] = none;
  for (const State end : ends) search.is_end[end] = 0;
  return path;
}

std::uint32_t LevelGraph::label_between(State from, State to) const {
  std::uint32_t found = pass;
  for_each_next(from, [&](State next, std::uint32_t label) {
    if (next == to) found = label;
  });
  return found;
}

std::vector<Link> LevelGraph::links_of(const std::vector<State>& states) const {
  std::vector<Link> links;
  std::uint32_t label = pass;
  Node from = 0;
  for (std::size_t i = 0; i + 1 < states.size(); ++i) {
    const std::uint32_t point = states[i] / layers_;
    const std::uint32_t next = states[i + 1] / layers_;
    if (point < problem_->nodes.size()) {
      from = point;
      label = label_between(states[i], states[i + 1]);
    }
    if (next >= problem_->nodes.size()) continue;
    links.push_back({static_cast<EdgeKind>(label & 7U), from, next, label >> 3U});
  }
  return links;
}

std::vector<Link> LevelGraph::rw_edges() const {
  std::vector<Link> edges;
  constexpr auto rw = static_cast<std::uint32_t>(EdgeKind::rw);
  for (Node node = 0; node < problem_->nodes.size(); ++node) {
    for_each_next(start(node), [&](State next, std::uint32_t label) {
      if ((label & 7U) != rw) return;
      const std::uint32_t point = next / layers_;
      if (point < problem_->nodes.size()) {
        edges.push_back({EdgeKind::rw, node, point, label >> 3U});
        return;
      }
      for_each_next(next, [&](State behind, std::uint32_t) {
        edges.push_back({EdgeKind::rw, node, behind / layers_, label >> 3U});
      });
    });
  }
  return edges;
}

}  // namespace sunder::checker::isolation
