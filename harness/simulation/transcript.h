#pragma once
// The events of a simulation, one line each with its time, to read: elections, faults, truncated
// logs, installed snapshots, and between them the commit index.

#include <filesystem>
#include <fstream>
#include <string_view>

#include "checker/history/event.h"
#include "node/api/trace.h"

namespace sunder::harness::simulation {

class Transcript {
 public:
  /// Throws std::runtime_error naming the file.
  explicit Transcript(const std::filesystem::path& path);

  void heard(const trace::Record& record);
  /// An event of the history. Clients' operations are ignored.
  void happened(const history::Event& event);
  void flush() { file_.flush(); }

 private:
  void line(history::Time time, std::string_view text);

  std::ofstream file_;
  Index committed_;
  Index told_;
};

}  // namespace sunder::harness::simulation
