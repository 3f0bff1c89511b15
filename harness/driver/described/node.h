#pragma once
// The driver of a system that a file describes (docs/systems.md).

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/driver/driver.h"
#include "harness/driver/system.h"

namespace sunder::harness::described {

/// Whether --system names a file, with or without options: "FILE.json:reads=local".
bool is_file(std::string_view system);

/// Where the options begin in "FILE.json:reads=local", or npos.
std::size_t options_begin(std::string_view system);

/// Throws std::invalid_argument if the file does not allow the plan's options.
void check_options(const Plan& plan);

/// Throws std::invalid_argument if the file is wrong, std::runtime_error if a program is missing.
void require_programs(const Plan& plan);

/// What the file says that its adapter can do. Throws as require_programs().
workloads::Operations operations(const Plan& plan);

/// Parameters of the model that judges the plan's workload, as the file declares them.
std::map<std::string, std::string> model_parameters(const Plan& plan);

/// The level that the file declares; empty without one. Throws as require_programs().
std::string isolation(const Plan& plan);

/// What the description of a described driver became: addresses, files, command lines. Nothing of
/// other drivers.
std::vector<std::string> explain(const Driver& driver);

/// Copies the file into the run's folder. The references must outlive the driver.
std::unique_ptr<Driver> make_driver(const Plan& plan, const Surroundings& surroundings);

}  // namespace sunder::harness::described
