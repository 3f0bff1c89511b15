#pragma once
// The driver of ovsdb-server as a cluster, unmodified. Its peers are addressed by sockets in the
// file system whose names each node resolves in a folder of its own: that folder holds the node's
// own socket, and the proxy's in place of all others.

#include <memory>
#include <span>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::ovsdb {

std::span<const SystemOption> options();

void require_programs(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::ovsdb
