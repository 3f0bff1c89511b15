#pragma once
// The driver of Redis with Sentinel, unmodified: a node is a server and the sentinel beside it, one
// process group that is killed and paused as one. Replication is asynchronous, so a failover loses
// writes that were acknowledged: sunder must find that.

#include <memory>
#include <span>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::redis {

std::span<const SystemOption> options();

void require_programs(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::redis
