#pragma once
// The driver of etcd, unmodified. Its peers dial one advertised address a node, which is the
// proxy's.

#include <memory>
#include <span>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::etcd {

std::span<const SystemOption> options();

void require_program(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::etcd
