#pragma once
// What a user names as a history: files, "-", pipes, or a folder that Jepsen, Maelstrom or etcd's
// robustness tests left behind. Files that lie beside a history are named for what they are.

#include <filesystem>
#include <string>
#include <vector>

namespace sunder::history {

struct HistorySource {
  /// At least one. "-" is the standard input.
  std::vector<std::filesystem::path> files;
  /// Which files were taken, if the user named a folder.
  std::vector<std::string> notes;

  HistorySource() = default;
  HistorySource(std::filesystem::path file) : files{std::move(file)} {}
};

/// Throws std::invalid_argument that says what is missing or which file to name instead.
HistorySource history_source(const std::vector<std::string>& words);

}  // namespace sunder::history
