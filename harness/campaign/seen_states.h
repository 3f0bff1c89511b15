#pragma once
// The abstract states of the cluster that a campaign's runs have shown, each once. A file in the
// campaign's folder keeps them, so that a campaign that is resumed counts on.

#include <cstdint>
#include <filesystem>

#include "checker/raft/coverage.h"

namespace sunder::harness::campaign {

class SeenStates {
 public:
  /// Reads the file if there is one. Throws std::runtime_error if it cannot be read.
  explicit SeenStates(std::filesystem::path file);

  /// Returns how many of the states no run has shown before. Throws std::runtime_error if the file
  /// cannot be written.
  std::uint64_t add(const checker::raft::StateSet& states);

 private:
  std::filesystem::path file_;
  checker::raft::StateSet states_;
};

}  // namespace sunder::harness::campaign
