#pragma once
// A system as a file describes it (docs/systems.md): how a node is started, when it is ready, and
// the adapter that speaks to it.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "workloads/operations.h"

namespace sunder::harness::described {

struct Description {
  /// The folder of the file: "{here}".
  std::filesystem::path here;
  /// With placeholders.
  std::vector<std::string> node;
  std::map<std::string, std::string> environment;
  /// The form of one node in "{peers}", and the separator.
  std::string peer = "{node}={advertise}";
  std::string separator = ",";
  /// A path that answers 200 once a node is ready; empty: its port for clients is open.
  std::string ready_path;
  std::vector<std::string> adapter;
  /// What its adapter can be asked for.
  workloads::Operations operations{{workloads::Kind::register_, {"read", "write", "cas"}}};
  /// The level of isolation that it promises its transactions; empty if it says none.
  std::string isolation;
  /// One adapter for all clients, which distinguishes calls by their ids.
  bool multiplexed = false;
};

/// Throws std::invalid_argument naming the file and what is wrong with it.
Description read_description(const std::filesystem::path& file);

/// By name, without braces.
using Placeholders = std::map<std::string, std::string>;

/// Throws std::invalid_argument naming a placeholder that does not exist. Braces around anything
/// but a name are left alone.
std::string fill_in(const std::string& text, const Placeholders& placeholders);

}  // namespace sunder::harness::described
