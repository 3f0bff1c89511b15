#pragma once
// Orders of versions that follow at a level: if the opposite order closed a cycle that the level
// forbids, the order holds. Repeated until nothing more follows (unit propagation).
// Invariant: each order that it puts is implied by the ones before it, so a cycle that it finds
// rules the level out. Surprise: reachability is asked for blocks of writers at a time, over that
// part of the graph only where their partners are, so memory is bounded.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "checker/isolation/level_graph.h"
#include "checker/isolation/steps.h"
#include "checker/isolation/version_pairs.h"

namespace sunder::checker::isolation {

enum class Propagated {
  settled,  ///< Nothing more follows.
  cycle,    ///< There is a forbidden cycle.
  stopped,  ///< The steps ran out.
  ended,    ///< is_enough() said so.
};

/// Puts what follows into `pairs`. The graph has the orders of the end, so that its cycles can be
/// asked for. is_enough(round) is asked once the graph has the orders of that many rounds.
Propagated propagate(LevelGraph& graph, VersionPairs& pairs, Steps& steps,
                     const std::function<bool(std::uint32_t)>& is_enough);

/// Of a graph without cycles of states: a forbidden cycle that they do not show, because only one
/// rw of it counts. Absent for other levels.
std::optional<std::vector<Link>> cycle_of_one_rw(const LevelGraph& graph,
                                                 const std::vector<State>& sorted, Steps& steps);

/// Why a version is before another one: it had to be, or a forbidden cycle would be closed.
struct OrderReason {
  enum class Kind {
    read,       ///< The later writer read the earlier version.
    time,       ///< The earlier writer had returned before the other was invoked.
    leads,      ///< `path` leads from the earlier writer to the later one.
    seen_late,  ///< `path` leads from the earlier writer to `reader`, who read the later version.
  } kind = Kind::time;
  Node earlier = 0;
  Node later = 0;
  KeyId key = 0;
  Node reader = 0;
  std::vector<Link> path;
};

/// Of a link whose two versions were in no known order from the start. Absent for others.
std::optional<OrderReason> reason_of(const Link& link, const VersionPairs& pairs,
                                     Forbidden forbidden, Order order);

/// The versions that the link puts in order, if it is about an open key.
struct LinkedVersions {
  Version earlier = 0;
  Version later = 0;
};
std::optional<LinkedVersions> versions_of(const Link& link, const VersionPairs& pairs);

}  // namespace sunder::checker::isolation
