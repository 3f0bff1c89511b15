#include "harness/driver/systems.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/driver/raft_node.h"

namespace sunder::harness {

namespace {

constexpr std::array table{
    System{"raft", "sunder's own Raft node, a replicated key-value store", true,
           require_raft_programs, make_raft_driver},
};

}  // namespace

std::span<const System> all_systems() {
  return table;
}

const System& find_system(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& system : table) {
    if (system.name == name) return system;
    names.push_back(system.name);
  }
  throw std::invalid_argument(
      fmt::format("unknown system '{}'; there are: {}", name, fmt::join(names, ", ")));
}

}  // namespace sunder::harness
