// For people: what a description became.

#include <sstream>

#include <fmt/format.h>

#include "harness/driver/described/launches.h"
#include "results/shell_words.h"

namespace sunder::harness::described {

namespace {

std::string line_of(const Launch& launch) {
  std::vector<std::string> words{launch.program.string()};
  words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
  return results::shell_words(words);
}

/// Of one node among several: "n1.client" is said of n1 as "client".
bool is_of_named_node(const std::string& placeholder) {
  return placeholder.size() > 3 && placeholder[0] == 'n' && placeholder[2] == '.';
}

}  // namespace

std::vector<std::string> Launches::explanation() const {
  constexpr NodeId node{1};
  std::vector<std::string> lines;
  const auto add = [&lines](const std::string& what, const std::string& text) {
    lines.push_back(fmt::format("  {:<22} {}", what, text));
  };
  lines.push_back(fmt::format("n1 of {} nodes", nodes_.size()));
  for (const auto& [name, value] : placeholders(node)) {
    if (!is_of_named_node(name)) add("{" + name + "}", value);
  }
  for (const auto& file : files(node)) {
    add("file", file.path);
    std::istringstream text(file.text);
    for (std::string line; std::getline(text, line);) add("", line);
  }
  const auto first = of_node(node, Start::first);
  for (const auto& each : first.preparations) add("initialise", line_of(each));
  add("first start", line_of(first));
  add("later starts", line_of(of_node(node, Start::again)));
  for (const auto& each : first.beside) add("process " + each.name, line_of(each));
  for (const auto& [name, value] : first.environment) add("variable " + name, value);
  if (!first.inherits_environment) add("variables", "no others");
  lines.push_back("all nodes");
  if (description_.setup && !description_.setup->command.empty()) {
    add("setup", line_of(for_run(description_.setup->command)));
  }
  if (description_.setup && description_.setup->by_adapter) add("setup", "a call to the adapter");
  add("adapter", line_of(adapter()));
  return lines;
}

}  // namespace sunder::harness::described
