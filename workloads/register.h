#pragma once
// Reads, unique writes and compare-and-sets on a few independent registers.
// A cas expects the value that was read last on its key, by whichever client, so that most of
// them have a chance; before the first read of a key it writes instead.

#include <memory>

#include "workloads/workload.h"

namespace sunder::workloads {

std::unique_ptr<Generator> make_register_generator(const GeneratorOptions& options);

}  // namespace sunder::workloads
