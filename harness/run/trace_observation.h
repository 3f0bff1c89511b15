#pragma once
// Reduces a line of a node's trace to what the nemesis wants to know of it. Called for every line
// while the run goes on, so only lines that move its log or its commit index are parsed as JSON.

#include <optional>
#include <string_view>

#include "nemesis/schedule/observation.h"
#include "node/api/trace.h"

namespace sunder::harness {

/// Empty for events that are of no interest to the nemesis. Throws std::runtime_error for a line
/// that is no trace.
std::optional<nemesis::Observation> observe(NodeId node, std::string_view line);
/// The same of a record that was not written yet.
std::optional<nemesis::Observation> observe(const trace::Record& record);

}  // namespace sunder::harness
