#pragma once
// The driver of unmodified ZooKeeper. Each server gets its own address, and the proxy's in place of
// all others. The proxy replaces the addresses that servers send each other.

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
