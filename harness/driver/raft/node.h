#pragma once
// The driver of sunder's own Raft node: every link between nodes goes through the proxy, whose
// addresses are the only ones a node is given for its peers.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"
#include "harness/plan.h"

namespace sunder::harness {

std::span<const SystemOption> raft_options();

/// Why the node refuses these options together, or nothing.
std::optional<std::string_view> raft_option_conflict(
    const std::map<std::string, std::string>& options);

/// It does with PreVote and CheckQuorum, and not without.
bool raft_keeps_answering(const Plan& plan);

/// The node's program is looked for beside sunder itself.
void require_raft_programs(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_raft_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness
