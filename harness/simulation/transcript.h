#pragma once
// What happened in a simulation, for people: elections, faults, what was removed and replaced, and
// between them how far was committed. One line each, with its time.

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
  /// Of the history; clients' operations are left out.
  void happened(const history::Event& event);
  void flush() { file_.flush(); }

 private:
  void line(history::Time time, std::string_view text);

  std::ofstream file_;
  Index committed_;
  Index told_;
};

}  // namespace sunder::harness::simulation
