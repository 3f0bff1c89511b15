#pragma once
// Strongly connected components (Tarjan, without recursion), in reverse topological order: no
// component leads to one that comes later.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace sunder::checker::isolation {

/// Calls found(nodes) for each component. next(node, cursor, to) is the successor at the cursor,
/// which begins at 0, and moves the cursor behind it; false if there is none.
template <typename Next, typename Found>
void find_strong_components(std::uint32_t node_count, const Next& next, Found found) {
  constexpr auto done = std::numeric_limits<std::uint32_t>::max();
  struct Frame {
    std::uint32_t node;
    std::uint32_t cursor;
    std::uint32_t lowest;
  };
  // When a node was reached, from 1 on; `done` once its component is known.
  std::vector<std::uint32_t> reached(node_count, 0);
  std::vector<std::uint32_t> open;
  std::vector<Frame> path;
  std::uint32_t time = 0;
  const auto enter = [&](std::uint32_t node) {
    reached[node] = ++time;
    open.push_back(node);
    path.push_back({node, 0, time});
  };
  // Most arcs lead to greater numbers: from the last node on, paths stay short.
  for (auto root = node_count; root-- > 0;) {
    if (reached[root] != 0) continue;
    enter(root);
    while (!path.empty()) {
      auto& frame = path.back();
      std::uint32_t to = 0;
      if (next(frame.node, frame.cursor, to)) {
        if (reached[to] == 0) {
          enter(to);
        } else if (reached[to] != done) {
          frame.lowest = std::min(frame.lowest, reached[to]);
        }
        continue;
      }
      const auto [node, cursor, lowest] = frame;
      path.pop_back();
      if (!path.empty()) path.back().lowest = std::min(path.back().lowest, lowest);
      if (lowest != reached[node]) continue;
      auto begin = open.size();
      do {
        reached[open[--begin]] = done;
      } while (open[begin] != node);
      found(std::span<const std::uint32_t>(open).subspan(begin));
      open.resize(begin);
    }
  }
}

}  // namespace sunder::checker::isolation
