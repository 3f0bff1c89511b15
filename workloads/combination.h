#pragma once
// Several workloads in one run, on keys of their own: "register+append". Keys carry the name of
// their workload in front, "append.k3", so that the history can be parted again. At most one of the
// workloads may work without keys; what has no such name in front belongs to it.

#include <memory>
#include <string_view>
#include <vector>

#include "checker/history/history.h"
#include "workloads/workload.h"

namespace sunder::workloads {

/// The workloads that "register+append" names. Throws std::invalid_argument if there is no such
/// workload, one is named twice, or two of them work without keys.
std::vector<const Workload*> find_workloads(std::string_view names);

/// What all of them need.
Operations operations_of(const std::vector<const Workload*>& workloads);

/// The generator of one workload, or one that draws from the generators of several. In the mix of
/// several, "append" is the weight of a workload (usually 1) and "append.read" that of an operation
/// in it; so for reserved clients. Throws std::invalid_argument if the options name what there is
/// not.
std::unique_ptr<Generator> make_generator(const std::vector<const Workload*>& workloads,
                                          const GeneratorOptions& options);

/// The workload to which a key belongs: an index in `workloads`; their number if it belongs to
/// none.
std::size_t part_of(const std::vector<const Workload*>& workloads, std::string_view key);

/// The part of the history that each workload made, in the order of the workloads. Calls that only
/// open accounts are in none. Throws history::AssumptionBroken if a key belongs to no workload.
std::vector<history::History> part(const history::History& history,
                                   const std::vector<const Workload*>& workloads);

}  // namespace sunder::workloads
