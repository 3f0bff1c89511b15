#include "workloads/workload.h"

#include <array>

#include "workloads/register.h"

namespace sunder::workloads {

namespace {

constexpr std::array table{
    Workload{"register", "read, write and compare-and-set on independent keys, unique values",
             true, make_register_generator, check_register},
};

}  // namespace

std::span<const Workload> all_workloads() { return table; }

const Workload* find_workload(std::string_view name) {
  for (const auto& workload : table) {
    if (workload.name == name) return &workload;
  }
  return nullptr;
}

}  // namespace sunder::workloads
