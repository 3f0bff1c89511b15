#pragma once
// A workload: what clients do, and by which model it is judged. All of them stand in one table,
// in workload.cc.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "workloads/generator.h"

namespace sunder::workloads {

struct GeneratorOptions {
  std::uint64_t seed = 0;
  int workers = 1;
  int keys = 1;
};

struct Workload {
  std::string_view name;
  std::string_view summary;
  /// Written values are never repeated: a history that repeats one is refused.
  bool unique_values;
  /// The model of checker/models/catalog.h that judges it.
  std::string_view model;
  std::unique_ptr<Generator> (*make_generator)(const GeneratorOptions& options);
};

std::span<const Workload> all_workloads();

/// Throws std::invalid_argument listing what there is.
const Workload& find_workload(std::string_view name);

}  // namespace sunder::workloads
