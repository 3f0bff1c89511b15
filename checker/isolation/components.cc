#include "checker/isolation/components.h"

#include <span>

#include "checker/isolation/strong_components.h"

namespace sunder::checker::isolation {

Components components_of(const StateArcs& arcs) {
  Components components;
  components.of.resize(arcs.end.size());
  const auto next = [&arcs](std::uint32_t state, std::uint32_t& cursor, std::uint32_t& to) {
    const auto at = (state == 0 ? 0 : arcs.end[state - 1]) + cursor;
    if (at == arcs.end[state]) return false;
    to = arcs.next[at];
    ++cursor;
    return true;
  };
  find_strong_components(static_cast<std::uint32_t>(arcs.end.size()), next,
                         [&components](std::span<const std::uint32_t> states) {
                           for (const auto state : states) components.of[state] = components.count;
                           ++components.count;
                         });
  return components;
}

}  // namespace sunder::checker::isolation
