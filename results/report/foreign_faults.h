#pragma once
// The nemesis' events of a history that sunder did not record, as windows with the names that the
// file has. An event that is known to begin something lasts until one that ends it ("kill" until
// "start", "start-partition" until "stop-partition"); every other event is a moment.
// Surprise: Jepsen files an action of the nemesis twice, when it begins and when it is done. Where
// all events of a file are such pairs, a pair is one action.

#include <cstddef>
#include <span>
#include <vector>

#include "checker/history/event.h"
#include "results/report/fault_window.h"

namespace sunder::results {

/// No page shows more names of events, or more windows, of such a history.
inline constexpr std::size_t most_foreign_names = 40;
inline constexpr std::size_t most_foreign_windows = 2'000;

struct ForeignFaults {
  /// In order of their beginning. `said` has the events' values; there are no targets.
  std::vector<FaultWindow> windows;
  /// How many events are in none of them.
  std::size_t events_left_out = 0;
};

ForeignFaults foreign_faults(std::span<const history::Event> events);

}  // namespace sunder::results
