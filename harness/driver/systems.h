#pragma once
// The systems that sunder can test, in one table.

#include <memory>
#include <span>
#include <string_view>

#include "harness/driver/driver.h"
#include "harness/loopback_block.h"
#include "harness/plan.h"
#include "harness/run_clock.h"

namespace sunder::harness {

struct System {
  std::string_view name;
  std::string_view summary;
  /// The nodes say what happens inside them, so that the five Raft properties can be judged.
  bool traces;
  /// Throws std::runtime_error naming the program that is missing and how to get it.
  void (*require_programs)(const Plan& plan);
  /// The references must outlive the driver.
  std::unique_ptr<Driver> (*make_driver)(const Plan& plan, const LoopbackBlock& addresses,
                                         const RunClock& clock);
};

std::span<const System> all_systems();

/// Throws std::invalid_argument listing what there is.
const System& find_system(std::string_view name);

}  // namespace sunder::harness
