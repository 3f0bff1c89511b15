#pragma once
// Parses on a thread of its own while this one builds operations. Invariant: the events come in the
// same order, and the same exception ends the reading, as without the thread: an exception of the
// parser waits until all events before it were taken.

#include <functional>
#include <string>
#include <vector>

#include "checker/history/jsonl.h"

namespace sunder::history {

/// Runs `read` on another thread. `sink` is called on this one. Returns what `read` returns.
std::vector<std::string> read_ahead(
    const std::function<std::vector<std::string>(const EventSink&)>& read, const EventSink& sink);

}  // namespace sunder::history
