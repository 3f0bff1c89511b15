#pragma once
// The command lines of a described system, filled in: what is started for a node and for the run,
// with its program, user and environment. Nothing is started or written here.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/driver/described/description.h"
#include "harness/driver/described/placeholders.h"
#include "harness/driver/driver.h"
#include "harness/driver/node_addresses.h"

namespace sunder::harness::described {

/// Throws std::runtime_error naming a program that is not installed, std::invalid_argument a path
/// that cannot be executed.
std::filesystem::path find_program(const std::string& word, const Description& description);

/// Of every command that the file names and whose program it names without a placeholder of a node.
void require_programs(const Description& description);

class Launches {
 public:
  enum class Start { first, again, joining };

  /// `data` has the folders of the nodes.
  Launches(Description description, std::map<std::string, std::string> options,
           const NodeAddresses& addresses, int node_count, const std::filesystem::path& data);

  const Description& description() const { return description_; }

  /// The node's start, with its preparations and the processes beside it.
  Launch of_node(NodeId node, Start start) const;
  /// Another command, in the node's environment.
  Launch for_node(NodeId node, const Command& command, std::string name = {}) const;
  /// One that belongs to no node; as user and environment those of the nodes.
  Launch for_run(const Command& command, std::string name = {}) const;
  Launch adapter() const;

  /// With their paths and texts filled in.
  std::vector<NodeFile> files(NodeId node) const;
  Placeholders placeholders(NodeId node) const;
  Placeholders placeholders() const;

  /// For people: what the placeholders, files and command lines of the first node became, and how
  /// the adapter is started.
  std::vector<std::string> explanation() const;

 private:
  Launch launch(const Command& command, const Placeholders& placeholders,
                const std::string& home) const;

  Description description_;
  std::map<std::string, std::string> options_;
  std::vector<NodePlace> nodes_;
  std::string data_;
};

}  // namespace sunder::harness::described
