#pragma once
// What the placeholders in a description become: "{node}", "{port.peer}", "{n1.client}". Pure: the
// same functions fill in a run's commands and check a file of which no run exists yet.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/driver/described/description.h"

namespace sunder::harness::described {

/// By name, without braces.
using Placeholders = std::map<std::string, std::string>;

/// Where a node of a run is.
struct NodePlace {
  std::string name;
  int number = 0;
  std::string host;
  /// Where its peers dial it: the proxy, or the node itself.
  std::string advertised_host;
  std::string folder;
};

/// Those of no node: of commands for the whole run, of adapters, and of each node, too. `options`
/// has the user's values.
Placeholders placeholders_of_run(const Description& description,
                                 const std::map<std::string, std::string>& options,
                                 std::span<const NodePlace> nodes);

/// Those of `node`, one of `nodes`, with those of the run.
Placeholders placeholders_of_node(const Description& description,
                                  const std::map<std::string, std::string>& options,
                                  std::span<const NodePlace> nodes, const NodePlace& node);

/// Throws std::invalid_argument naming a placeholder that does not exist. Braces around anything
/// but a name are left alone.
std::string fill_in(const std::string& text, const Placeholders& placeholders);

/// A word that becomes empty is left out, if it was a placeholder.
Command fill_in(const Command& command, const Placeholders& placeholders);

}  // namespace sunder::harness::described
