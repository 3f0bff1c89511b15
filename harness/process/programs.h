#pragma once
// The programs that come with sunder: its own node, the same with mutants, a disk that takes
// orders.

#include <filesystem>
#include <string>
#include <vector>

namespace sunder::harness {

/// Where they are: beside sunder itself.
std::filesystem::path programs_folder();

struct ProgramEnd {
  int exit_code = 0;
  /// What it wrote to its standard output.
  std::string output;
};

/// Runs it and waits for its end. Throws what the system says if it cannot be
/// started.
ProgramEnd run_program(const std::filesystem::path& program,
                       const std::vector<std::string>& arguments);

}  // namespace sunder::harness
