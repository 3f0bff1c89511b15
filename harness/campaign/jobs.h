#pragma once
// How many runs at a time a machine bears.

namespace sunder::harness::campaign {

/// Of a machine with that many cores. A run is five nodes, ten clients and a proxy, all at work:
/// with more at a time, elections begin that no fault has caused (docs/campaigns.md has the
/// measurement).
unsigned usual_jobs(unsigned cores);

}  // namespace sunder::harness::campaign
