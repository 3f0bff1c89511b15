#pragma once
// The commands of the program `sunder`. Each gets the words after its name and returns the exit
// code. They throw std::invalid_argument for what the user must change (exit code 254) and any
// other exception for what the environment did (255); main says it in one line.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/exit_code.h"

namespace sunder::harness::commands {

using Arguments = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;
  ExitCode (*run)(const Arguments& arguments);
};

std::span<const Command> all_commands();

ExitCode run(const Arguments& arguments);
ExitCode check(const Arguments& arguments);
ExitCode campaign(const Arguments& arguments);
ExitCode replay(const Arguments& arguments);
ExitCode report(const Arguments& arguments);
ExitCode serve(const Arguments& arguments);
ExitCode simulate(const Arguments& arguments);
ExitCode shrink(const Arguments& arguments);
ExitCode list(const Arguments& arguments);
ExitCode system(const Arguments& arguments);

}  // namespace sunder::harness::commands
