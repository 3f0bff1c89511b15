#pragma once
// The strongly connected components of a graph in O(nodes + arcs), without recursion. Invariant: a
// component's number is greater than those of the components that it leads to.

#include <cstdint>
#include <vector>

namespace sunder::checker::isolation {

/// The successors of one state after the other; state i's end at end[i].
struct StateArcs {
  std::vector<std::uint32_t> next;
  std::vector<std::size_t> end;
};

struct Components {
  std::vector<std::uint32_t> of;
  std::uint32_t count = 0;
};

Components components_of(const StateArcs& arcs);

}  // namespace sunder::checker::isolation
