#include "workloads/workload.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "workloads/register.h"

namespace sunder::workloads {

namespace {

constexpr std::array table{
    Workload{"register", "read, write and compare-and-set on independent keys, unique values", true,
             "register", make_register_generator},
};

}  // namespace

std::span<const Workload> all_workloads() {
  return table;
}

const Workload& find_workload(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& workload : table) {
    if (workload.name == name) return workload;
    names.push_back(workload.name);
  }
  throw std::invalid_argument(
      fmt::format("unknown workload '{}'; there are: {}", name, fmt::join(names, ", ")));
}

}  // namespace sunder::workloads
