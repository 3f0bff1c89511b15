#include "harness/driver/described/launches.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glob.h>
#include <unistd.h>

#include "harness/process/installed.h"
#include "nemesis/link.h"

namespace sunder::harness::described {

namespace fs = std::filesystem;

namespace {

constexpr NodeId first_node{1};

/// The folders of `path`, the newest version of a pattern first.
std::vector<std::string> program_folders(const Description& description) {
  std::vector<std::string> folders;
  for (const auto& pattern : description.path) {
    const auto filled = fill_in(pattern, {{"here", description.here.string()}});
    glob_t found{};
    if (::glob(filled.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
      std::vector<std::string> matches(found.gl_pathv, found.gl_pathv + found.gl_pathc);
      std::sort(matches.begin(), matches.end(), [](const auto& left, const auto& right) {
        return ::strverscmp(left.c_str(), right.c_str()) > 0;
      });
      folders.insert(folders.end(), matches.begin(), matches.end());
    }
    ::globfree(&found);
  }
  return folders;
}

std::string search_path(const Description& description) {
  auto folders = program_folders(description);
  const char* path = std::getenv("PATH");
  folders.emplace_back(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
  folders.emplace_back("/usr/local/sbin:/usr/sbin:/sbin");
  return fmt::format("{}", fmt::join(folders, ":"));
}

/// All that a node gets but for what its description adds.
std::map<std::string, std::string> clean_environment(const Description& description,
                                                     const std::string& home) {
  std::map<std::string, std::string> environment{
      {"PATH", search_path(description)}, {"HOME", home}, {"LANG", "C.UTF-8"}};
  for (const auto& name : description.inherited) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr) environment[name] = value;
  }
  return environment;
}

}  // namespace

fs::path find_program(const std::string& word, const Description& description) {
  const auto program = fill_in(word, {{"here", description.here.string()}});
  if (program.find('/') == std::string::npos) {
    for (const auto& folder : program_folders(description)) {
      auto candidate = fs::path(folder) / program;
      if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return require_installed(program,
                             description.packages.empty()
                                 ? std::string("the package that has it")
                                 : fmt::format("{}", fmt::join(description.packages, " ")));
  }
  if (::access(program.c_str(), X_OK) == 0) return program;
  throw std::invalid_argument(fmt::format("{} is not there or cannot be executed", program));
}

void require_programs(const Description& description) {
  std::vector<Command> commands{description.start, description.adapter};
  for (const auto& each : description.initialise) commands.push_back(each);
  for (const auto& each : description.initialise_bootstrap) commands.push_back(each);
  for (const auto& [name, command] : description.processes) commands.push_back(command);
  for (const auto* each : {&description.start_bootstrap, &description.start_again,
                           &description.start_joining, &description.ready.command}) {
    commands.push_back(*each);
  }
  if (description.roles) commands.push_back(description.roles->how.command);
  if (description.files_check) commands.push_back(description.files_check->command);
  if (const auto& members = description.members) {
    for (const auto* each : {&members->add, &members->remove, &members->transfer, &members->joined})
      commands.push_back(*each);
  }
  if (description.setup) commands.push_back(description.setup->command);
  for (const auto& command : commands) {
    if (command.empty()) continue;
    // A program in a node's folder is not there yet.
    const auto& program = command.front();
    const auto brace = program.find('{');
    if (brace == std::string::npos || program.starts_with("{here}/")) {
      find_program(program, description);
    }
  }
}

Launches::Launches(Description description, std::map<std::string, std::string> options,
                   const NodeAddresses& addresses, int node_count, const fs::path& data)
    : description_(std::move(description)),
      options_(std::move(options)),
      data_(fs::absolute(data).string()) {
  for (const auto node : nemesis::all_nodes(node_count)) {
    nodes_.push_back({name_of(node), static_cast<int>(node.value), addresses.host(node),
                      addresses.door_host(node), (fs::path(data_) / name_of(node)).string()});
  }
}

Placeholders Launches::placeholders(NodeId node) const {
  return placeholders_of_node(description_, options_, nodes_, nodes_.at(position_of(node)));
}

Placeholders Launches::placeholders() const {
  return placeholders_of_run(description_, options_, nodes_);
}

std::vector<NodeFile> Launches::files(NodeId node) const {
  const auto known = placeholders(node);
  std::vector<NodeFile> files;
  for (const auto& file : description_.files) {
    const fs::path path = fill_in(file.path, known);
    files.push_back(
        {(path.is_absolute() ? path : known.at("dir") / path).string(), fill_in(file.text, known)});
  }
  return files;
}

Launch Launches::launch(const Command& command, const Placeholders& placeholders,
                        const std::string& home) const {
  const auto words = fill_in(command, placeholders);
  Launch launch{find_program(words.front(), description_), {words.begin() + 1, words.end()}};
  if (description_.inherits_all) {
    launch.environment = {};
  } else {
    launch.environment = clean_environment(description_, home);
    launch.inherits_environment = false;
  }
  // Where sunder is an ordinary user, no server refuses it.
  if (description_.user && ::geteuid() == 0) {
    launch.arguments.insert(
        launch.arguments.begin(),
        {"-U", fmt::format("--map-user={}", *description_.user),
         fmt::format("--map-group={}", *description_.user), "--", launch.program.string()});
    launch.program = require_installed("unshare", "util-linux");
  }
  return launch;
}

Launch Launches::for_node(NodeId node, const Command& command, std::string name) const {
  const auto known = placeholders(node);
  auto launch = this->launch(command, known, known.at("dir"));
  for (const auto& [variable, value] : description_.environment) {
    launch.environment[variable] = fill_in(value, known);
  }
  launch.name = std::move(name);
  return launch;
}

// It has the first node's environment, whose placeholders are all known.
Launch Launches::for_run(const Command& command, std::string name) const {
  auto launch = this->launch(command, placeholders(), data_);
  const auto known = placeholders(first_node);
  for (const auto& [variable, value] : description_.environment) {
    launch.environment[variable] = fill_in(value, known);
  }
  launch.name = std::move(name);
  return launch;
}

Launch Launches::of_node(NodeId node, Start start) const {
  const auto& file = description_;
  const bool is_bootstrap = start == Start::first && node == first_node;
  const auto* command = &file.start;
  if (is_bootstrap && !file.start_bootstrap.empty()) command = &file.start_bootstrap;
  if (start == Start::again && !file.start_again.empty()) command = &file.start_again;
  if (start == Start::joining && !file.start_joining.empty()) command = &file.start_joining;
  auto launch = for_node(node, *command);
  for (const auto& [name, beside] : file.processes) {
    launch.beside.push_back(for_node(node, beside, name));
  }
  if (start == Start::again) return launch;
  const bool has_its_own = is_bootstrap && !file.initialise_bootstrap.empty();
  for (const auto& each : has_its_own ? file.initialise_bootstrap : file.initialise) {
    launch.preparations.push_back(for_node(node, each, "initialise"));
  }
  return launch;
}

Launch Launches::adapter() const {
  const auto known = placeholders();
  const auto words = fill_in(description_.adapter, known);
  Launch launch{find_program(words.front(), description_), {words.begin() + 1, words.end()}};
  for (const auto& [variable, value] : description_.adapter_environment) {
    launch.environment[variable] = fill_in(value, known);
  }
  return launch;
}

}  // namespace sunder::harness::described
