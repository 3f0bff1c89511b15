#pragma once
// What a report shows of one node over time, made from what the node said (its trace) and from what
// was done to it (kills and crashes in the history): a dead node cannot say that it is down.

#include <span>
#include <string>

#include "checker/history/event.h"
#include "node/api/trace.h"
#include "results/report.h"

namespace sunder::harness {

/// `records` are the node's, in order; `faults` the nemesis' events of the run; `end` the run's end.
results::NodeTimeline node_timeline(const std::string& node, std::span<const trace::Record> records,
                                    std::span<const history::Event> faults, history::Time end);

}  // namespace sunder::harness
