#pragma once
// The driver of programs that were written for the workbench Maelstrom: they read messages from
// standard input and write theirs to standard output. Each finds the path of a folder of its own,
// kept over restarts, in the environment as SUNDER_DIR.

#include <memory>
#include <span>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::maelstrom {

std::span<const SystemOption> options();

/// Throws std::runtime_error unless the plan names a program that is there.
void require_program(const Plan& plan);

/// The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::maelstrom
