#pragma once
// A run's history on disk, one line an event. Each event is on its way to disk (one write, no
// buffer of ours) before `append` returns.

#include <filesystem>
#include <string>

#include "checker/history/jsonl.h"
#include "harness/run/append_file.h"

namespace sunder::harness {

class HistoryFile {
 public:
  /// Creates the file. Throws std::runtime_error naming it.
  explicit HistoryFile(const std::filesystem::path& path) : file_(path) {}

  void append(const history::Event& event) {
    line_.clear();
    history::append_json_line(line_, event);
    file_.append(line_);
  }

 private:
  AppendFile file_;
  std::string line_;
};

}  // namespace sunder::harness
