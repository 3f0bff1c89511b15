#pragma once
// The driver of ZooKeeper, unmodified. Each server is told its own address and the proxy's in place
// of all others; what servers tell each other of their addresses is edited on its way.

#include <memory>
#include <span>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::zookeeper {

std::span<const SystemOption> options();

void require_programs(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::zookeeper
