#include "harness/driver/described/described_system.h"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/driver/described/description.h"
#include "harness/driver/described/folders.h"
#include "harness/driver/described/node.h"
#include "harness/driver/unsupported_faults.h"

namespace sunder::harness::described {

namespace {

using nemesis::Need;

/// Owns what its System refers to.
struct DescribedSystem {
  std::string name;
  std::string summary;
  std::vector<UnsupportedFault> unsupported;
  System system;
};

bool promises_nothing(const Plan&) {
  return false;
}

/// What the description provides for, beyond what all described systems can do.
std::vector<Need> provided(const Description& description) {
  std::vector<Need> needs;
  if (description.members && !description.members->add.empty()) needs.push_back(Need::members);
  if (description.members && !description.members->transfer.empty()) {
    needs.push_back(Need::transfers);
  }
  if (description.fakes_clocks) needs.push_back(Need::clocks);
  return needs;
}

void read_into(DescribedSystem& described, const std::filesystem::path& file) {
  const auto description = read_description(file);
  described.summary = description.summary;
  for (const auto need : provided(description)) {
    std::erase_if(described.unsupported, [&](const auto& fault) { return fault.need == need; });
  }
  described.system.says_roles = description.roles && description.roles->has_terms();
  described.system.has_doors = std::any_of(description.ports.begin(), description.ports.end(),
                                           [](const auto& port) { return port.second.is_proxied; });
}

std::unique_ptr<DescribedSystem> make_described(const std::string& name,
                                                const std::filesystem::path& file) {
  const auto all = unsupported_by_described();
  auto described =
      std::make_unique<DescribedSystem>(DescribedSystem{name, {}, {all.begin(), all.end()}, {}});
  auto& system = described->system;
  system.has_doors = true;
  system.usual_network = switch_network;
  system.operations = operations;
  system.isolation = isolation;
  system.model_parameters = model_parameters;
  system.keeps_answering = promises_nothing;
  system.require_programs = require_programs;
  system.make_driver = make_driver;
  try {
    read_into(*described, file);
  } catch (const std::invalid_argument&) {
    // Whoever starts it reads the file again, and reports what is wrong with it.
  }
  system.name = described->name;
  system.summary = described->summary;
  system.unsupported = described->unsupported;
  return described;
}

}  // namespace

const System* find_described(std::string_view name) {
  static std::map<std::string, std::unique_ptr<DescribedSystem>, std::less<>> known;
  const auto file = description_file(name);
  if (file.empty()) return nullptr;
  auto found = known.find(name);
  if (found == known.end()) {
    found = known.emplace(name, make_described(std::string(name), file)).first;
  }
  return &found->second->system;
}

}  // namespace sunder::harness::described
